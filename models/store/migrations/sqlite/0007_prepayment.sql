-- +goose Up

-- The balance of prepayment 预存 of a room for one fee item; item empty: general, for any item. Their sum is
-- rooms.prepaid_fen.
CREATE TABLE prepaid_balances (
  id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  item TEXT NOT NULL DEFAULT '',
  amount_fen INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_prepaid_balances_room_id_item UNIQUE (room_id, item),
  CONSTRAINT fk_prepaid_balances_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_prepaid_balances_1 CHECK (amount_fen >= 0)
) STRICT;

-- Every move of a room's prepaid balance; their sum is rooms.prepaid_fen. item is the fee item that prepayment is
-- kept for; empty: general.
CREATE TABLE prepaid_entries (
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
CREATE INDEX ix_prepaid_entries_room_id_created_at ON prepaid_entries (room_id, created_at);
CREATE INDEX ix_prepaid_entries_payment_id ON prepaid_entries (payment_id);

-- Prepayment that staff moved from one fee item to another, and why. Each move has two entries that add up to
-- nothing.
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
