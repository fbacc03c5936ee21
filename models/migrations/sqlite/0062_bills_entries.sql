-- batch_id is what issued a bill: a billing run or a charge; entry_count how many entries it has; plan_id the plan of parts that it is in. The index by room holds what sums of arrears need, so that they read it alone.
-- +goose Up
ALTER TABLE bills ADD COLUMN batch_id TEXT NOT NULL DEFAULT '';
ALTER TABLE bills ADD COLUMN entry_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE bills ADD COLUMN plan_id TEXT NOT NULL DEFAULT '';
DROP INDEX ix_bills_room_id_status_due_on;
CREATE INDEX ix_bills_room_id_status_due_on ON bills (room_id, status, due_on, item, principal_fen, discount_fen, paid_principal_fen);
CREATE INDEX ix_bills_batch_id ON bills (batch_id);
