-- Which bill a payment settled, and from which day it counts for late fee (effective_on).
-- +goose Up
CREATE TABLE allocations (
  id TEXT NOT NULL,
  payment_id TEXT NOT NULL DEFAULT '',
  bill_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  principal_fen INTEGER NOT NULL,
  late_fee_fen INTEGER NOT NULL,
  effective_on TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT fk_allocations_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id)
) STRICT;
CREATE INDEX ix_allocations_bill_id_effective_on ON allocations (bill_id, effective_on);
CREATE INDEX ix_allocations_payment_id ON allocations (payment_id);
CREATE INDEX ix_allocations_room_id ON allocations (room_id);
