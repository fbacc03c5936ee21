-- A reading of a meter; the usage is value less previous, times the multiplier. A first reading without a previous one is a base and never usage.
-- +goose Up
CREATE TABLE readings (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  meter_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  read_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  previous VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  value VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_readings_meter_id_read_on (meter_id, read_on),
  CONSTRAINT fk_readings_meter_id FOREIGN KEY (meter_id) REFERENCES meters (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
