-- digits is how many a meter shows before the point (0: not known; only then can it not roll over). A meter that was replaced ends on removed_on, and the one in its place names it in replaces.
-- +goose Up
ALTER TABLE meters ADD COLUMN digits INTEGER NOT NULL DEFAULT 0 CONSTRAINT ck_meters_1 CHECK (digits BETWEEN 0 AND 9);
ALTER TABLE meters ADD COLUMN installed_on TEXT NOT NULL DEFAULT '';
ALTER TABLE meters ADD COLUMN removed_on TEXT NOT NULL DEFAULT '';
ALTER TABLE meters ADD COLUMN replaces TEXT NOT NULL DEFAULT '';
