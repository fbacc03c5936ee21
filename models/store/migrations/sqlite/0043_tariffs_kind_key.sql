-- +goose Up

-- The kind of room of a tariff in the one spelling that all its spellings share.
ALTER TABLE tariffs ADD COLUMN kind_key TEXT NOT NULL DEFAULT '';
