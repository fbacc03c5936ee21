-- +goose Up
ALTER TABLE bill_entries ADD COLUMN rule_after TEXT NOT NULL DEFAULT '';
