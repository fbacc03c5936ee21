-- batch_id is what issued a bill: a billing run or a charge; entry_count how many entries it has; plan_id the plan of parts that it is in. The index by room holds what sums of arrears need, so that they read it alone.
-- +goose Up
ALTER TABLE bills
  ADD COLUMN batch_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN entry_count INT NOT NULL DEFAULT 0,
  ADD COLUMN plan_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  DROP INDEX ix_bills_room_id_status_due_on,
  ADD KEY ix_bills_room_id_status_due_on (room_id, status, due_on, item, principal_fen, discount_fen, paid_principal_fen),
  ADD KEY ix_bills_batch_id (batch_id);
