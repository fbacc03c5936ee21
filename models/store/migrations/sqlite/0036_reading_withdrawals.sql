-- +goose Up

-- That somebody asked for a reading to be withdrawn, and what became of it. Who asks never approves. open_key is the
-- reading while nobody has decided, so that it is asked for once at a time.
CREATE TABLE reading_withdrawals (
  id TEXT NOT NULL,
  reading_id TEXT NOT NULL,
  meter_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  status TEXT NOT NULL,
  open_key TEXT NULL,
  reason TEXT NOT NULL,
  asked_kind TEXT NOT NULL DEFAULT '',
  asked_id TEXT NOT NULL DEFAULT '',
  asked_name TEXT NOT NULL DEFAULT '',
  decided_kind TEXT NOT NULL DEFAULT '',
  decided_id TEXT NOT NULL DEFAULT '',
  decided_name TEXT NOT NULL DEFAULT '',
  decided_at INTEGER NOT NULL DEFAULT 0,
  note TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_reading_withdrawals_open_key UNIQUE (open_key),
  CONSTRAINT fk_reading_withdrawals_reading_id FOREIGN KEY (reading_id) REFERENCES readings (id),
  CONSTRAINT ck_reading_withdrawals_1 CHECK (status IN ('requested','approved','refused')),
  CONSTRAINT ck_reading_withdrawals_2 CHECK (status <> 'approved' OR decided_kind <> asked_kind OR decided_id <> asked_id)
) STRICT;
CREATE INDEX ix_reading_withdrawals_meter_id ON reading_withdrawals (meter_id);
CREATE INDEX ix_reading_withdrawals_reading_id ON reading_withdrawals (reading_id);
CREATE INDEX ix_reading_withdrawals_status_created_at ON reading_withdrawals (status, created_at);
