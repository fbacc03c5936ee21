-- A meter of a room. digits is how many it shows before the point (0: not known; only then can it not roll over). A meter that was replaced ends on removed_on, and the one in its place names it in replaces.
-- +goose Up
CREATE TABLE meters (
  id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  item TEXT NOT NULL,
  serial TEXT NOT NULL,
  multiplier TEXT NOT NULL,
  digits INTEGER NOT NULL DEFAULT 0,
  installed_on TEXT NOT NULL DEFAULT '',
  removed_on TEXT NOT NULL DEFAULT '',
  replaces TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_meters_room_id_item_serial UNIQUE (room_id, item, serial),
  CONSTRAINT fk_meters_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_meters_1 CHECK (digits BETWEEN 0 AND 9)
) STRICT;
