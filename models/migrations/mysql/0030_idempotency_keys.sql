-- The answer to a request that may be sent again. Times are real time.
-- +goose Up
CREATE TABLE idempotency_keys (
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
