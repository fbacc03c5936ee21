-- item is the fee item that prepayment is kept for; empty: general. Entries may also be a credit and a move between items. A new table with the rows of the old one, since SQLite cannot change a CHECK.
-- +goose Up
CREATE TABLE prepaid_entries_new (
  id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  item TEXT NOT NULL DEFAULT '',
  amount_fen INTEGER NOT NULL,
  payment_id TEXT NOT NULL DEFAULT '',
  bill_id TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT fk_prepaid_entries_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_prepaid_entries_2 CHECK (kind IN ('topup','surplus','offset','refund','credit','move'))
) STRICT;
INSERT INTO prepaid_entries_new (id, room_id, kind, amount_fen, payment_id, bill_id, created_at)
SELECT id, room_id, kind, amount_fen, payment_id, bill_id, created_at FROM prepaid_entries;
DROP TABLE prepaid_entries;
ALTER TABLE prepaid_entries_new RENAME TO prepaid_entries;
CREATE INDEX ix_prepaid_entries_room_id_created_at ON prepaid_entries (room_id, created_at);
CREATE INDEX ix_prepaid_entries_payment_id ON prepaid_entries (payment_id);
