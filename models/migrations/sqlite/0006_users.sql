-- A person on a phone, known by the openid under our mini-program.
-- +goose Up
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
