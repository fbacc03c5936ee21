-- A payment undone 冲正: an entry of its own that takes off bills and prepayment what the payment had brought. It counts in a day of the cashier who had entered the payment.
-- +goose Up
CREATE TABLE payment_reversals (
  id TEXT NOT NULL,
  payment_id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  channel TEXT NOT NULL,
  amount_fen INTEGER NOT NULL,
  staff_id TEXT NOT NULL,
  day_on TEXT NOT NULL,
  reason TEXT NOT NULL,
  by_id TEXT NOT NULL,
  by_name TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_payment_reversals_payment_id UNIQUE (payment_id),
  CONSTRAINT fk_payment_reversals_payment_id FOREIGN KEY (payment_id) REFERENCES payments (id),
  CONSTRAINT ck_payment_reversals_1 CHECK (amount_fen > 0),
  CONSTRAINT ck_payment_reversals_2 CHECK (reason <> '')
) STRICT;
CREATE INDEX ix_payment_reversals_community_id_day_on_staff_id_channel ON payment_reversals (community_id, day_on, staff_id, channel);
CREATE INDEX ix_payment_reversals_room_id ON payment_reversals (room_id);
