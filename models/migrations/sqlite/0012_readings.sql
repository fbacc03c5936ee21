-- A reading of a meter; the usage is value less previous, times the multiplier. A first reading without a previous one is a base and never usage.
-- +goose Up
CREATE TABLE readings (
  id TEXT NOT NULL,
  meter_id TEXT NOT NULL,
  read_on TEXT NOT NULL,
  previous TEXT NOT NULL DEFAULT '',
  value TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_readings_meter_id_read_on UNIQUE (meter_id, read_on),
  CONSTRAINT fk_readings_meter_id FOREIGN KEY (meter_id) REFERENCES meters (id)
) STRICT;
