-- Money received. transaction_id and order_no are unique: told twenty times, booked once.
-- +goose Up
CREATE TABLE payments (
  id TEXT NOT NULL,
  channel TEXT NOT NULL,
  order_no TEXT,
  transaction_id TEXT,
  merchant TEXT NOT NULL DEFAULT '',
  community_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  user_id TEXT NOT NULL DEFAULT '',
  amount_fen INTEGER NOT NULL,
  surplus_fen INTEGER NOT NULL DEFAULT 0,
  source TEXT NOT NULL,
  paid_at INTEGER NOT NULL,
  paid_on TEXT NOT NULL,
  booked_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_payments_order_no UNIQUE (order_no),
  CONSTRAINT uq_payments_transaction_id UNIQUE (transaction_id),
  CONSTRAINT fk_payments_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_payments_1 CHECK (amount_fen > 0),
  CONSTRAINT ck_payments_2 CHECK (surplus_fen >= 0)
) STRICT;
CREATE INDEX ix_payments_room_id_paid_on ON payments (room_id, paid_on);
CREATE INDEX ix_payments_paid_on_channel ON payments (paid_on, channel);
CREATE INDEX ix_payments_merchant_paid_on ON payments (merchant, paid_on);
