-- The last number given in a series of receipts: whoever numbers holds this row.
-- +goose Up
CREATE TABLE receipt_counters (
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  series_year INT NOT NULL,
  last_seq BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (community_id, series_year),
  CONSTRAINT ck_receipt_counters_1 CHECK (last_seq >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
