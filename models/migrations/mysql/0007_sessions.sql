-- Signed-in users and staff. Only the SHA-256 of a token is kept. Times are real time, never the set clock.
-- +goose Up
CREATE TABLE sessions (
  token_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  subject VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  subject_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (token_hash),
  KEY ix_sessions_subject_subject_id (subject, subject_id),
  KEY ix_sessions_expires_at (expires_at),
  CONSTRAINT ck_sessions_1 CHECK (subject IN ('user','staff'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
