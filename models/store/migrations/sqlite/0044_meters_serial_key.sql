-- +goose Up

-- The number of a meter in the one spelling that all its spellings share.
ALTER TABLE meters ADD COLUMN serial_key TEXT NOT NULL DEFAULT '';
