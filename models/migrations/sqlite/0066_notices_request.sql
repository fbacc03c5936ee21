-- The request that a message answers; empty: none.
-- +goose Up
ALTER TABLE notices ADD COLUMN request_id TEXT NOT NULL DEFAULT '';
