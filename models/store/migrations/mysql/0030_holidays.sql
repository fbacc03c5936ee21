-- +goose Up

-- Days on which the office keeps other hours than the day of the week says.
CREATE TABLE holidays (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  day CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARCHAR(40) NOT NULL DEFAULT '',
  made_kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  made_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  made_name VARCHAR(100) NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_holidays_day (day),
  CONSTRAINT ck_holidays_1 CHECK (kind IN ('holiday','workday'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
