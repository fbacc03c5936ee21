-- People who sign in at the console.
-- +goose Up
CREATE TABLE staff (
  id TEXT NOT NULL,
  username TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  disabled INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_staff_username UNIQUE (username),
  CONSTRAINT ck_staff_1 CHECK (role IN ('cashier','steward','finance','manager','admin'))
) STRICT;
