-- +goose Up

-- Which scheduled runs have been done; slot is the scheduled time.
CREATE TABLE IF NOT EXISTS job_runs (
  job VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  slot VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  started_at BIGINT NOT NULL,
  finished_at BIGINT NOT NULL DEFAULT 0,
  outcome VARCHAR(500) NOT NULL DEFAULT '',
  PRIMARY KEY (job, slot),
  KEY ix_job_runs_started_at (started_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Who runs a job at the moment, over all replicas. Times are real time.
CREATE TABLE IF NOT EXISTS leases (
  name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  holder VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  until_at BIGINT NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Values shared by replicas for a while, such as the mini-program access token. Times are real time.
CREATE TABLE IF NOT EXISTS cache_entries (
  name VARCHAR(128) NOT NULL,
  value VARCHAR(1000) NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The answer to a request that may be sent again. Times are real time.
CREATE TABLE IF NOT EXISTS idempotency_keys (
  user_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  idem_key VARCHAR(128) NOT NULL,
  body_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  status INT NOT NULL DEFAULT 0,
  answer MEDIUMTEXT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (user_id, idem_key),
  KEY ix_idempotency_keys_created_at (created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Files taken in, for staff to see what came from where.
CREATE TABLE IF NOT EXISTS imports (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  file_name VARCHAR(255) NOT NULL,
  sha256 CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  rows_read INT NOT NULL,
  rows_added INT NOT NULL,
  rows_changed INT NOT NULL,
  warnings INT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_imports_created_at (created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
