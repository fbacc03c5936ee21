-- The third side of a day: what the fund-flow bill moved, and who signed the day off.
-- +goose Up
ALTER TABLE reconciliations ADD COLUMN settled_fen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reconciliations ADD COLUMN returned_fen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reconciliations ADD COLUMN fee_expected_fen TEXT NOT NULL DEFAULT '0';
ALTER TABLE reconciliations ADD COLUMN flow_state TEXT NOT NULL DEFAULT '';
ALTER TABLE reconciliations ADD COLUMN flow_payments INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reconciliations ADD COLUMN flow_paid_fen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reconciliations ADD COLUMN flow_refunds INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reconciliations ADD COLUMN flow_returned_fen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reconciliations ADD COLUMN flow_fee_fen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reconciliations ADD COLUMN flow_net_fen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reconciliations ADD COLUMN flow_other_in_fen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reconciliations ADD COLUMN flow_other_out_fen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reconciliations ADD COLUMN flow_sha1 TEXT NOT NULL DEFAULT '';
ALTER TABLE reconciliations ADD COLUMN signed_id TEXT NOT NULL DEFAULT '';
ALTER TABLE reconciliations ADD COLUMN signed_name TEXT NOT NULL DEFAULT '';
ALTER TABLE reconciliations ADD COLUMN signed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reconciliations ADD COLUMN reopened_name TEXT NOT NULL DEFAULT '';
ALTER TABLE reconciliations ADD COLUMN reopened_at INTEGER NOT NULL DEFAULT 0;
