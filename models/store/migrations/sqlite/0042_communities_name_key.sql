-- +goose Up

-- The name of a community in the one spelling that all its spellings share.
ALTER TABLE communities ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
