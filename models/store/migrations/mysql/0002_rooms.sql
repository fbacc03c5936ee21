-- +goose Up

-- 小区. Its default late-fee rule serves bills without a tariff of their own. On bill_day of each month its bills are
-- issued; 0: only when asked.
CREATE TABLE IF NOT EXISTS communities (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARCHAR(100) NOT NULL,
  late_rate VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  grace_days INT NOT NULL,
  late_cap VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  settlement VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  merchant VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  bill_day INT NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  UNIQUE KEY uq_communities_name (name),
  CONSTRAINT ck_communities_1 CHECK (settlement IN ('late_fee_first','principal_first')),
  CONSTRAINT ck_communities_2 CHECK (grace_days >= 0),
  CONSTRAINT ck_communities_3 CHECK (bill_day BETWEEN 0 AND 28)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- 房产. code_key is the code in the one spelling that all spellings are looked up by. prepaid_fen is the balance 预存,
-- moved only by relative updates.
CREATE TABLE IF NOT EXISTS rooms (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  code VARCHAR(64) NOT NULL,
  code_key VARCHAR(64) NOT NULL,
  building VARCHAR(40) NOT NULL DEFAULT '',
  unit VARCHAR(40) NOT NULL DEFAULT '',
  number VARCHAR(40) NOT NULL DEFAULT '',
  kind VARCHAR(40) NOT NULL DEFAULT '',
  area VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  price VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  cycle VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  handed_over_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  occupancy VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  steward VARCHAR(60) NOT NULL DEFAULT '',
  prepaid_fen BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_rooms_community_id_code_key (community_id, code_key),
  KEY ix_rooms_community_id_building (community_id, building),
  KEY ix_rooms_steward_community_id (steward, community_id),
  CONSTRAINT fk_rooms_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_rooms_1 CHECK (prepaid_fen >= 0),
  CONSTRAINT ck_rooms_2 CHECK (occupancy IN ('occupied','vacant','unsold'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- 业主. The phone number is encrypted; phone_index is its keyed hash for look-up.
CREATE TABLE IF NOT EXISTS owners (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARCHAR(100) NOT NULL,
  phone_cipher VARBINARY(255) NULL,
  phone_index CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  phone_last4 VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_owners_phone_index (phone_index),
  KEY ix_owners_community_id_name (community_id, name),
  CONSTRAINT fk_owners_community_id FOREIGN KEY (community_id) REFERENCES communities (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Who holds a room, from when to when (empty to_on: still). items: which fee items a tenant has agreed to pay, one a
-- line; empty: all.
CREATE TABLE IF NOT EXISTS tenures (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  owner_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  role VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  from_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  to_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  items VARCHAR(500) NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  UNIQUE KEY uq_tenures_room_id_owner_id_role_from_on (room_id, owner_id, role, from_on),
  KEY ix_tenures_owner_id (owner_id),
  CONSTRAINT fk_tenures_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT fk_tenures_owner_id FOREIGN KEY (owner_id) REFERENCES owners (id),
  CONSTRAINT ck_tenures_1 CHECK (role IN ('owner','tenant'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Which rooms a user may see and pay for, and in whose name: owner_id is the owner or tenant, until_on the last day
-- on which they hold the room; from_on and items are those of a tenancy.
CREATE TABLE IF NOT EXISTS bindings (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  role VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  source VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at BIGINT NOT NULL,
  owner_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  from_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  until_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  items VARCHAR(500) NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  UNIQUE KEY uq_bindings_user_id_room_id (user_id, room_id),
  KEY ix_bindings_room_id (room_id),
  CONSTRAINT fk_bindings_user_id FOREIGN KEY (user_id) REFERENCES users (id),
  CONSTRAINT fk_bindings_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_bindings_1 CHECK (role IN ('owner','family','tenant','payer'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- 过户: a room changed hands. transfer_on is the first day of the new owner; amounts are what was unsettled of the
-- former owner when it was done, and the prepayment that lay with the room.
CREATE TABLE IF NOT EXISTS transfers (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  from_owner_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  to_owner_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  transfer_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  owed_fen BIGINT NOT NULL,
  late_fee_fen BIGINT NOT NULL,
  moved_bills INT NOT NULL,
  prepaid_fen BIGINT NOT NULL,
  prepaid_to VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  note VARCHAR(200) NOT NULL DEFAULT '',
  by_kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  by_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  by_name VARCHAR(100) NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_transfers_room_id_transfer_on (room_id, transfer_on),
  KEY ix_transfers_created_at (created_at),
  CONSTRAINT fk_transfers_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT fk_transfers_from_owner_id FOREIGN KEY (from_owner_id) REFERENCES owners (id),
  CONSTRAINT fk_transfers_to_owner_id FOREIGN KEY (to_owner_id) REFERENCES owners (id),
  CONSTRAINT ck_transfers_1 CHECK (from_owner_id <> to_owner_id),
  CONSTRAINT ck_transfers_2 CHECK (prepaid_to IN ('room','former')),
  CONSTRAINT ck_transfers_3 CHECK (owed_fen >= 0 AND late_fee_fen >= 0 AND prepaid_fen >= 0 AND moved_bills >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- 空置: days on which a room is approved as empty, for which the owner pays a share. Who asks never approves.
CREATE TABLE IF NOT EXISTS vacancies (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  from_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  to_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason VARCHAR(200) NOT NULL DEFAULT '',
  status VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  asked_kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  asked_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  asked_name VARCHAR(100) NOT NULL DEFAULT '',
  decided_kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  decided_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  decided_name VARCHAR(100) NOT NULL DEFAULT '',
  decided_at BIGINT NOT NULL DEFAULT 0,
  note VARCHAR(200) NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_vacancies_room_id_from_on (room_id, from_on),
  KEY ix_vacancies_status_created_at (status, created_at),
  CONSTRAINT fk_vacancies_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_vacancies_1 CHECK (status IN ('requested','approved','refused'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
