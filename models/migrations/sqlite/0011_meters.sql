-- A meter of a room.
-- +goose Up
CREATE TABLE meters (
  id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  item TEXT NOT NULL,
  serial TEXT NOT NULL,
  multiplier TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_meters_room_id_item_serial UNIQUE (room_id, item, serial),
  CONSTRAINT fk_meters_room_id FOREIGN KEY (room_id) REFERENCES rooms (id)
) STRICT;
