-- Which scheduled runs have been done; slot is the scheduled time.
-- +goose Up
CREATE TABLE job_runs (
  job TEXT NOT NULL,
  slot TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER NOT NULL DEFAULT 0,
  outcome TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (job, slot)
) STRICT;
CREATE INDEX ix_job_runs_started_at ON job_runs (started_at);
