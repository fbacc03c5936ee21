-- A multiplier that a meter had until a day, that day included. The one it has now stands in meters.
-- +goose Up
CREATE TABLE meter_multipliers (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  meter_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  until_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  multiplier VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason VARCHAR(200) NOT NULL,
  by_name VARCHAR(60) NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_meter_multipliers_meter_id_until_on (meter_id, until_on),
  CONSTRAINT fk_meter_multipliers_meter_id FOREIGN KEY (meter_id) REFERENCES meters (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
