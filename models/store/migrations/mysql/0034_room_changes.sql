-- +goose Up

-- The history of the data of rooms: which field was changed by whom, when and why. It only grows. Phone numbers are masked.
CREATE TABLE IF NOT EXISTS room_changes (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  field VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  old_value VARCHAR(200) NOT NULL DEFAULT '',
  new_value VARCHAR(200) NOT NULL DEFAULT '',
  reason VARCHAR(200) NOT NULL DEFAULT '',
  by_kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  by_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  by_name VARCHAR(100) NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_room_changes_room_id_id (room_id, id),
  CONSTRAINT fk_room_changes_room_id FOREIGN KEY (room_id) REFERENCES rooms (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
