-- +goose Up

-- Days on which the office keeps other hours than the day of the week says.
CREATE TABLE holidays (
  id TEXT NOT NULL,
  day TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  made_kind TEXT NOT NULL,
  made_id TEXT NOT NULL DEFAULT '',
  made_name TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_holidays_day UNIQUE (day),
  CONSTRAINT ck_holidays_1 CHECK (kind IN ('holiday','workday'))
) STRICT;
