-- Bills that a user lets somebody else pay by a link. Only the hash of its token is kept.
-- +goose Up
CREATE TABLE shares (
  id TEXT NOT NULL,
  token_hash TEXT NOT NULL,
  user_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  label TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  CONSTRAINT uq_shares_token_hash UNIQUE (token_hash),
  CONSTRAINT ck_shares_1 CHECK (expires_at > created_at),
  CONSTRAINT fk_shares_room_id FOREIGN KEY (room_id) REFERENCES rooms (id)
) STRICT;
CREATE INDEX ix_shares_user_id_created_at ON shares (user_id, created_at);
CREATE INDEX ix_shares_room_id_created_at ON shares (room_id, created_at);
