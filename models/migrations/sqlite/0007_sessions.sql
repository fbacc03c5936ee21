-- Signed-in users and staff. Only the SHA-256 of a token is kept. Times are real time, never the set clock.
-- +goose Up
CREATE TABLE sessions (
  token_hash TEXT NOT NULL,
  subject TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (token_hash),
  CONSTRAINT ck_sessions_1 CHECK (subject IN ('user','staff'))
) STRICT;
CREATE INDEX ix_sessions_subject_subject_id ON sessions (subject, subject_id);
CREATE INDEX ix_sessions_expires_at ON sessions (expires_at);
