-- +goose Up

-- The history of the data of rooms: which field was changed by whom, when and why. It only grows. Phone numbers are masked.
CREATE TABLE room_changes (
  id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  field TEXT NOT NULL,
  old_value TEXT NOT NULL DEFAULT '',
  new_value TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  by_kind TEXT NOT NULL,
  by_id TEXT NOT NULL DEFAULT '',
  by_name TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_room_changes_room_id_id UNIQUE (room_id, id),
  CONSTRAINT fk_room_changes_room_id FOREIGN KEY (room_id) REFERENCES rooms (id)
) STRICT;
