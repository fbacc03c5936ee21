-- +goose Up
ALTER TABLE bill_entries ADD COLUMN rule_after VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';
