-- +goose Up
ALTER TABLE bill_entries ADD COLUMN rule_before TEXT NOT NULL DEFAULT '';
