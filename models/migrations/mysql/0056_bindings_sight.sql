-- In whose name a user sees a room: owner_id is the owner or tenant, until_on the last day on which they hold the room; from_on and items are those of a tenancy.
-- +goose Up
ALTER TABLE bindings
  ADD COLUMN owner_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN from_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN until_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN items VARCHAR(500) NOT NULL DEFAULT '';
