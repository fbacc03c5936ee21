-- The balance of prepayment 预存 of a room for one fee item; item empty: general, for any item. Their sum is rooms.prepaid_fen.
-- +goose Up
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
