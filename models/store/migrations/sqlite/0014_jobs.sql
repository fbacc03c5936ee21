-- +goose Up

-- Which scheduled runs have been done; slot is the scheduled time.
CREATE TABLE job_runs (
  job TEXT NOT NULL,
  slot TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER NOT NULL DEFAULT 0,
  outcome TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (job, slot)
) STRICT;
CREATE INDEX ix_job_runs_started_at ON job_runs (started_at);

-- Who runs a job at the moment, over all replicas. Times are real time.
CREATE TABLE leases (
  name TEXT NOT NULL,
  holder TEXT NOT NULL,
  until_at INTEGER NOT NULL,
  PRIMARY KEY (name)
) STRICT;

-- Values shared by replicas for a while, such as the mini-program access token. Times are real time.
CREATE TABLE cache_entries (
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (name)
) STRICT;

-- The answer to a request that may be sent again. Times are real time.
CREATE TABLE idempotency_keys (
  user_id TEXT NOT NULL,
  idem_key TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  state TEXT NOT NULL,
  status INTEGER NOT NULL DEFAULT 0,
  answer TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, idem_key)
) STRICT;
CREATE INDEX ix_idempotency_keys_created_at ON idempotency_keys (created_at);

-- Files taken in, for staff to see what came from where.
CREATE TABLE imports (
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  rows_read INTEGER NOT NULL,
  rows_added INTEGER NOT NULL,
  rows_changed INTEGER NOT NULL,
  warnings INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id)
) STRICT;
CREATE INDEX ix_imports_created_at ON imports (created_at);
