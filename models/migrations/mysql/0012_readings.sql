-- A reading of a meter; the usage is value less previous, plus rolled times what the digits of the meter count to, times the multiplier. A first reading without a previous one is a base and never usage. An estimated one is settled by the next that is not.
-- +goose Up
CREATE TABLE readings (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  meter_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  read_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  previous VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  value VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  multiplier VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  rolled INT NOT NULL DEFAULT 0,
  estimated TINYINT NOT NULL DEFAULT 0,
  note VARCHAR(200) NOT NULL DEFAULT '',
  by_name VARCHAR(60) NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_readings_meter_id_read_on (meter_id, read_on),
  CONSTRAINT fk_readings_meter_id FOREIGN KEY (meter_id) REFERENCES meters (id),
  CONSTRAINT ck_readings_1 CHECK (rolled IN (-1,0,1)),
  CONSTRAINT ck_readings_2 CHECK (previous <> '' OR rolled = 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
