-- What a reading counted, and where it went: into a bill (bill_id), or, where an estimate had been too high, into a credit that waits for later usage (waiting 1). Neither: there was nothing to bill.
-- +goose Up
CREATE TABLE meter_usages (
  id TEXT NOT NULL,
  reading_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  item TEXT NOT NULL,
  period_start TEXT NOT NULL,
  quantity TEXT NOT NULL,
  bill_id TEXT NOT NULL DEFAULT '',
  waiting INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_meter_usages_reading_id_bill_id UNIQUE (reading_id, bill_id),
  CONSTRAINT fk_meter_usages_reading_id FOREIGN KEY (reading_id) REFERENCES readings (id),
  CONSTRAINT ck_meter_usages_1 CHECK (waiting = 0 OR bill_id = '')
) STRICT;
CREATE INDEX ix_meter_usages_room_id_item ON meter_usages (room_id, item);
CREATE INDEX ix_meter_usages_bill_id ON meter_usages (bill_id);
