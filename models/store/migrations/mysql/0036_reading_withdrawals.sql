-- +goose Up

-- That somebody asked for a reading to be withdrawn, and what became of it. Who asks never approves. open_key is the
-- reading while nobody has decided, so that it is asked for once at a time.
CREATE TABLE reading_withdrawals (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reading_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  meter_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  status VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  open_key CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NULL,
  reason VARCHAR(200) NOT NULL,
  asked_kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  asked_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  asked_name VARCHAR(100) NOT NULL DEFAULT '',
  decided_kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  decided_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  decided_name VARCHAR(100) NOT NULL DEFAULT '',
  decided_at BIGINT NOT NULL DEFAULT 0,
  note VARCHAR(200) NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_reading_withdrawals_open_key (open_key),
  KEY ix_reading_withdrawals_meter_id (meter_id),
  KEY ix_reading_withdrawals_reading_id (reading_id),
  KEY ix_reading_withdrawals_status_created_at (status, created_at),
  CONSTRAINT fk_reading_withdrawals_reading_id FOREIGN KEY (reading_id) REFERENCES readings (id),
  CONSTRAINT ck_reading_withdrawals_1 CHECK (status IN ('requested','approved','refused')),
  CONSTRAINT ck_reading_withdrawals_2 CHECK (status <> 'approved' OR decided_kind <> asked_kind OR decided_id <> asked_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
