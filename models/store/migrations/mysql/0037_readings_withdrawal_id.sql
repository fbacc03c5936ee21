-- +goose Up

-- The withdrawal that took a reading out; empty: the reading counts.
ALTER TABLE readings ADD COLUMN withdrawal_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';
