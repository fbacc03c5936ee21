-- item is the fee item that prepayment is kept for; empty: general. Entries may also be a credit and a move between items.
-- +goose Up
ALTER TABLE prepaid_entries
  ADD COLUMN item VARCHAR(40) NOT NULL DEFAULT '',
  DROP CONSTRAINT ck_prepaid_entries_1,
  ADD CONSTRAINT ck_prepaid_entries_2 CHECK (kind IN ('topup','surplus','offset','refund','credit','move'));
