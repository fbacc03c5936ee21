-- Prepayment that staff moved from one fee item to another, and why. Each move has two entries that add up to nothing.
-- +goose Up
CREATE TABLE prepaid_moves (
  id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  from_item TEXT NOT NULL DEFAULT '',
  to_item TEXT NOT NULL DEFAULT '',
  amount_fen INTEGER NOT NULL,
  reason TEXT NOT NULL,
  by_name TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT fk_prepaid_moves_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_prepaid_moves_1 CHECK (amount_fen > 0),
  CONSTRAINT ck_prepaid_moves_2 CHECK (from_item <> to_item)
) STRICT;
CREATE INDEX ix_prepaid_moves_room_id_created_at ON prepaid_moves (room_id, created_at);
