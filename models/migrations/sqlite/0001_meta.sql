-- What this database is: live or sandbox, and which data key it was born with.
-- +goose Up
CREATE TABLE meta (
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (name)
) STRICT;
