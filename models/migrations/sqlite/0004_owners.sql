-- 业主. The phone number is encrypted; phone_index is its keyed hash for look-up.
-- +goose Up
CREATE TABLE owners (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  name TEXT NOT NULL,
  phone_cipher BLOB,
  phone_index TEXT NOT NULL DEFAULT '',
  phone_last4 TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT fk_owners_community_id FOREIGN KEY (community_id) REFERENCES communities (id)
) STRICT;
CREATE INDEX ix_owners_phone_index ON owners (phone_index);
CREATE INDEX ix_owners_community_id_name ON owners (community_id, name);
