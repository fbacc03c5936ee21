-- The usage of a reading is value less previous, plus rolled times what the digits of the meter count to, times the multiplier. An estimated one is settled by the next that is not.
-- +goose Up
ALTER TABLE readings
  ADD COLUMN multiplier VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '1',
  ADD COLUMN rolled INT NOT NULL DEFAULT 0,
  ADD COLUMN estimated TINYINT NOT NULL DEFAULT 0,
  ADD COLUMN note VARCHAR(200) NOT NULL DEFAULT '',
  ADD COLUMN by_name VARCHAR(60) NOT NULL DEFAULT '',
  ADD CONSTRAINT ck_readings_1 CHECK (rolled IN (-1,0,1)),
  ADD CONSTRAINT ck_readings_2 CHECK (previous <> '' OR rolled = 0);
