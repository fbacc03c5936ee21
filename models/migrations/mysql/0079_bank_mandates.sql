-- An agreement by which a bank collects 托收 what an owner owes of a room. Holder and account number are sealed. active_room_id and active_agreement are set while it holds, and unique.
-- +goose Up
CREATE TABLE bank_mandates (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  owner_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  active_room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NULL,
  agreement_no VARCHAR(64) NOT NULL,
  active_agreement VARCHAR(64) NULL,
  bank_name VARCHAR(60) NOT NULL,
  holder_cipher VARBINARY(512) NOT NULL,
  account_cipher VARBINARY(512) NOT NULL,
  account_last4 VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  status VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  made_name VARCHAR(60) NOT NULL DEFAULT '',
  ended_name VARCHAR(60) NOT NULL DEFAULT '',
  ended_at BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_bank_mandates_active_room_id (active_room_id),
  UNIQUE KEY uq_bank_mandates_community_id_active_agreement (community_id, active_agreement),
  KEY ix_bank_mandates_community_id_status (community_id, status),
  KEY ix_bank_mandates_room_id (room_id),
  CONSTRAINT fk_bank_mandates_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_bank_mandates_1 CHECK (status IN ('active','ended')),
  CONSTRAINT ck_bank_mandates_2 CHECK ((status = 'active') = (active_room_id IS NOT NULL))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
