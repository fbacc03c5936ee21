-- An agreement by which a bank collects 托收 what an owner owes of a room. Holder and account number are sealed. active_room_id and active_agreement are set while it holds, and unique.
-- +goose Up
CREATE TABLE bank_mandates (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  owner_id TEXT NOT NULL DEFAULT '',
  active_room_id TEXT,
  agreement_no TEXT NOT NULL,
  active_agreement TEXT,
  bank_name TEXT NOT NULL,
  holder_cipher BLOB NOT NULL,
  account_cipher BLOB NOT NULL,
  account_last4 TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL,
  made_name TEXT NOT NULL DEFAULT '',
  ended_name TEXT NOT NULL DEFAULT '',
  ended_at INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_bank_mandates_active_room_id UNIQUE (active_room_id),
  CONSTRAINT uq_bank_mandates_community_id_active_agreement UNIQUE (community_id, active_agreement),
  CONSTRAINT fk_bank_mandates_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_bank_mandates_1 CHECK (status IN ('active','ended')),
  CONSTRAINT ck_bank_mandates_2 CHECK ((status = 'active') = (active_room_id IS NOT NULL))
) STRICT;
CREATE INDEX ix_bank_mandates_community_id_status ON bank_mandates (community_id, status);
CREATE INDEX ix_bank_mandates_room_id ON bank_mandates (room_id);
