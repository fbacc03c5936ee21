-- A reading of a meter; the usage is value less previous, plus rolled times what the digits of the meter count to, times the multiplier. A first reading without a previous one is a base and never usage. An estimated one is settled by the next that is not.
-- +goose Up
CREATE TABLE readings (
  id TEXT NOT NULL,
  meter_id TEXT NOT NULL,
  read_on TEXT NOT NULL,
  previous TEXT NOT NULL DEFAULT '',
  value TEXT NOT NULL,
  multiplier TEXT NOT NULL,
  rolled INTEGER NOT NULL DEFAULT 0,
  estimated INTEGER NOT NULL DEFAULT 0,
  note TEXT NOT NULL DEFAULT '',
  by_name TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_readings_meter_id_read_on UNIQUE (meter_id, read_on),
  CONSTRAINT fk_readings_meter_id FOREIGN KEY (meter_id) REFERENCES meters (id),
  CONSTRAINT ck_readings_1 CHECK (rolled IN (-1,0,1)),
  CONSTRAINT ck_readings_2 CHECK (previous <> '' OR rolled = 0)
) STRICT;
