-- Values shared by replicas for a while, such as the mini-program access token. Times are real time.
-- +goose Up
CREATE TABLE cache_entries (
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (name)
) STRICT;
