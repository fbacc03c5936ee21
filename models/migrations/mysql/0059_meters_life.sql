-- digits is how many a meter shows before the point (0: not known; only then can it not roll over). A meter that was replaced ends on removed_on, and the one in its place names it in replaces.
-- +goose Up
ALTER TABLE meters
  ADD COLUMN digits INT NOT NULL DEFAULT 0,
  ADD COLUMN installed_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN removed_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN replaces CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD CONSTRAINT ck_meters_1 CHECK (digits BETWEEN 0 AND 9);
