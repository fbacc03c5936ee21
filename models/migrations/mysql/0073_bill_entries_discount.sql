-- A discount can be taken back: where money that earned it has been refunded, its entry is positive.
-- +goose Up
ALTER TABLE bill_entries DROP CONSTRAINT ck_bill_entries_3, ADD CONSTRAINT ck_bill_entries_3 CHECK (kind <> 'discount' OR principal_fen <> 0);
