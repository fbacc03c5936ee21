-- Bills that a user lets somebody else pay by a link. Only the hash of its token is kept.
-- +goose Up
CREATE TABLE shares (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  token_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  label VARCHAR(40) NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  UNIQUE KEY uq_shares_token_hash (token_hash),
  KEY ix_shares_user_id_created_at (user_id, created_at),
  KEY ix_shares_room_id_created_at (room_id, created_at),
  CONSTRAINT ck_shares_1 CHECK (expires_at > created_at),
  CONSTRAINT fk_shares_room_id FOREIGN KEY (room_id) REFERENCES rooms (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
