-- In whose name a user sees a room: owner_id is the owner or tenant, until_on the last day on which they hold the room; from_on and items are those of a tenancy.
-- +goose Up
ALTER TABLE bindings ADD COLUMN owner_id TEXT NOT NULL DEFAULT '';
ALTER TABLE bindings ADD COLUMN from_on TEXT NOT NULL DEFAULT '';
ALTER TABLE bindings ADD COLUMN until_on TEXT NOT NULL DEFAULT '';
ALTER TABLE bindings ADD COLUMN items TEXT NOT NULL DEFAULT '';
