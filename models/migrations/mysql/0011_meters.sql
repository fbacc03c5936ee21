-- A meter of a room. digits is how many it shows before the point (0: not known; only then can it not roll over). A meter that was replaced ends on removed_on, and the one in its place names it in replaces.
-- +goose Up
CREATE TABLE meters (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  item VARCHAR(40) NOT NULL,
  serial VARCHAR(64) NOT NULL,
  multiplier VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  digits INT NOT NULL DEFAULT 0,
  installed_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  removed_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  replaces CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_meters_room_id_item_serial (room_id, item, serial),
  CONSTRAINT fk_meters_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_meters_1 CHECK (digits BETWEEN 0 AND 9)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
