-- +goose Up

-- The withdrawal that took a reading out; empty: the reading counts.
ALTER TABLE readings ADD COLUMN withdrawal_id TEXT NOT NULL DEFAULT '';
