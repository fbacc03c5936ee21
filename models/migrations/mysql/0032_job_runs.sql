-- Which scheduled runs have been done; slot is the scheduled time.
-- +goose Up
CREATE TABLE job_runs (
  job VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  slot VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  started_at BIGINT NOT NULL,
  finished_at BIGINT NOT NULL DEFAULT 0,
  outcome VARCHAR(500) NOT NULL DEFAULT '',
  PRIMARY KEY (job, slot),
  KEY ix_job_runs_started_at (started_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
