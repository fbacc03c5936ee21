-- Every move of a room's prepaid balance; their sum is rooms.prepaid_fen.
-- +goose Up
CREATE TABLE prepaid_entries (
  id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  amount_fen INTEGER NOT NULL,
  payment_id TEXT NOT NULL DEFAULT '',
  bill_id TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT fk_prepaid_entries_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_prepaid_entries_1 CHECK (kind IN ('topup','surplus','offset','refund'))
) STRICT;
CREATE INDEX ix_prepaid_entries_room_id_created_at ON prepaid_entries (room_id, created_at);
CREATE INDEX ix_prepaid_entries_payment_id ON prepaid_entries (payment_id);
