-- A multiplier that a meter had until a day, that day included. The one it has now stands in meters.
-- +goose Up
CREATE TABLE meter_multipliers (
  id TEXT NOT NULL,
  meter_id TEXT NOT NULL,
  until_on TEXT NOT NULL,
  multiplier TEXT NOT NULL,
  reason TEXT NOT NULL,
  by_name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_meter_multipliers_meter_id_until_on UNIQUE (meter_id, until_on),
  CONSTRAINT fk_meter_multipliers_meter_id FOREIGN KEY (meter_id) REFERENCES meters (id)
) STRICT;
