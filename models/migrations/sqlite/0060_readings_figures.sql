-- The usage of a reading is value less previous, plus rolled times what the digits of the meter count to, times the multiplier. An estimated one is settled by the next that is not.
-- +goose Up
ALTER TABLE readings ADD COLUMN multiplier TEXT NOT NULL DEFAULT '1';
ALTER TABLE readings ADD COLUMN rolled INTEGER NOT NULL DEFAULT 0 CONSTRAINT ck_readings_1 CHECK (rolled IN (-1,0,1)) CONSTRAINT ck_readings_2 CHECK (previous <> '' OR rolled = 0);
ALTER TABLE readings ADD COLUMN estimated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE readings ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE readings ADD COLUMN by_name TEXT NOT NULL DEFAULT '';
