-- The evidence of both sides, and what staff asked for and decided.
-- +goose Up
ALTER TABLE findings ADD COLUMN evidence TEXT NOT NULL DEFAULT '';
ALTER TABLE findings ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE findings ADD COLUMN asked_action TEXT NOT NULL DEFAULT '' CHECK (asked_action IN ('','surplus','suspense'));
ALTER TABLE findings ADD COLUMN asked_room_id TEXT NOT NULL DEFAULT '';
ALTER TABLE findings ADD COLUMN asked_id TEXT NOT NULL DEFAULT '';
ALTER TABLE findings ADD COLUMN asked_name TEXT NOT NULL DEFAULT '';
ALTER TABLE findings ADD COLUMN asked_at INTEGER NOT NULL DEFAULT 0;
