-- The last number given in a series of receipts: whoever numbers holds this row.
-- +goose Up
CREATE TABLE receipt_counters (
  community_id TEXT NOT NULL,
  series_year INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (community_id, series_year),
  CONSTRAINT ck_receipt_counters_1 CHECK (last_seq >= 0)
) STRICT;
