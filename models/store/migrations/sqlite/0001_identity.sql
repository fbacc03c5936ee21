-- +goose Up

-- What this database is: live or sandbox, and which data key it was born with.
CREATE TABLE meta (
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (name)
) STRICT;

-- People who sign in at the console.
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

-- A person on a phone, known by the openid under our mini-program.
CREATE TABLE users (
  id TEXT NOT NULL,
  app_id TEXT NOT NULL,
  openid TEXT NOT NULL,
  unionid TEXT NOT NULL DEFAULT '',
  phone_cipher BLOB,
  phone_index TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_users_app_id_openid UNIQUE (app_id, openid)
) STRICT;
CREATE INDEX ix_users_phone_index ON users (phone_index);

-- Signed-in users and staff. Only the SHA-256 of a token is kept. Times are real time, never the set clock.
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

-- Failed attempts of a subject on a day: binding a room, signing in at the console.
CREATE TABLE attempts (
  subject TEXT NOT NULL,
  day TEXT NOT NULL,
  failures INTEGER NOT NULL,
  PRIMARY KEY (subject, day)
) STRICT;
