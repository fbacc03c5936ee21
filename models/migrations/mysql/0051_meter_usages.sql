-- What a reading counted, and where it went: into a bill (bill_id), or, where an estimate had been too high, into a credit that waits for later usage (waiting 1). Neither: there was nothing to bill.
-- +goose Up
CREATE TABLE meter_usages (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reading_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  item VARCHAR(40) NOT NULL,
  period_start CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  quantity VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  bill_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  waiting TINYINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_meter_usages_reading_id_bill_id (reading_id, bill_id),
  KEY ix_meter_usages_room_id_item (room_id, item),
  KEY ix_meter_usages_bill_id (bill_id),
  CONSTRAINT fk_meter_usages_reading_id FOREIGN KEY (reading_id) REFERENCES readings (id),
  CONSTRAINT ck_meter_usages_1 CHECK (waiting = 0 OR bill_id = '')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
