-- +goose Up

-- A meter has one reading a day that counts; those that were withdrawn stay beside it.
CREATE TABLE readings_new (
  id TEXT NOT NULL,
  meter_id TEXT NOT NULL,
  read_on TEXT NOT NULL,
  previous TEXT NOT NULL DEFAULT '',
  value TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  multiplier TEXT NOT NULL DEFAULT '1',
  rolled INTEGER NOT NULL DEFAULT 0,
  estimated INTEGER NOT NULL DEFAULT 0,
  note TEXT NOT NULL DEFAULT '',
  by_name TEXT NOT NULL DEFAULT '',
  withdrawal_id TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  CONSTRAINT uq_readings_meter_id_read_on_withdrawal_id UNIQUE (meter_id, read_on, withdrawal_id),
  CONSTRAINT fk_readings_meter_id FOREIGN KEY (meter_id) REFERENCES meters (id),
  CONSTRAINT ck_readings_1 CHECK (rolled IN (-1,0,1)),
  CONSTRAINT ck_readings_2 CHECK (previous <> '' OR rolled = 0)
) STRICT;
INSERT INTO readings_new SELECT id, meter_id, read_on, previous, value, created_at, multiplier, rolled, estimated, note, by_name,
  withdrawal_id FROM readings;
DROP TABLE readings;
ALTER TABLE readings_new RENAME TO readings;
