-- Who runs a job at the moment, over all replicas. Times are real time.
-- +goose Up
CREATE TABLE leases (
  name TEXT NOT NULL,
  holder TEXT NOT NULL,
  until_at INTEGER NOT NULL,
  PRIMARY KEY (name)
) STRICT;
