-- +goose Up

-- Rows of the old system's file until they are compared.
CREATE TABLE shadow_rows (
  run_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  place INTEGER NOT NULL,
  community_id TEXT NOT NULL,
  sheet TEXT NOT NULL,
  row_no INTEGER NOT NULL,
  item TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  amount_fen INTEGER NOT NULL,
  area TEXT NOT NULL DEFAULT '',
  price TEXT NOT NULL DEFAULT '',
  quantity TEXT NOT NULL DEFAULT '',
  has_late INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (run_id, room_id, place)
) STRICT;
