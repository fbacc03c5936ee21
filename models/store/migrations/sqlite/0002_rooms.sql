-- +goose Up

-- 小区. Its default late-fee rule serves bills without a tariff of their own. On bill_day of each month its bills are
-- issued; 0: only when asked.
CREATE TABLE communities (
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  late_rate TEXT NOT NULL,
  grace_days INTEGER NOT NULL,
  late_cap TEXT NOT NULL DEFAULT '',
  settlement TEXT NOT NULL,
  merchant TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  bill_day INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  CONSTRAINT uq_communities_name UNIQUE (name),
  CONSTRAINT ck_communities_1 CHECK (settlement IN ('late_fee_first','principal_first')),
  CONSTRAINT ck_communities_2 CHECK (grace_days >= 0),
  CONSTRAINT ck_communities_3 CHECK (bill_day BETWEEN 0 AND 28)
) STRICT;

-- 房产. code_key is the code in the one spelling that all spellings are looked up by. prepaid_fen is the balance 预存,
-- moved only by relative updates.
CREATE TABLE rooms (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  code TEXT NOT NULL,
  code_key TEXT NOT NULL,
  building TEXT NOT NULL DEFAULT '',
  unit TEXT NOT NULL DEFAULT '',
  number TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL DEFAULT '',
  area TEXT NOT NULL DEFAULT '',
  price TEXT NOT NULL DEFAULT '',
  cycle TEXT NOT NULL DEFAULT '',
  handed_over_on TEXT NOT NULL DEFAULT '',
  occupancy TEXT NOT NULL,
  steward TEXT NOT NULL DEFAULT '',
  prepaid_fen INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_rooms_community_id_code_key UNIQUE (community_id, code_key),
  CONSTRAINT fk_rooms_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_rooms_1 CHECK (prepaid_fen >= 0),
  CONSTRAINT ck_rooms_2 CHECK (occupancy IN ('occupied','vacant','unsold'))
) STRICT;
CREATE INDEX ix_rooms_community_id_building ON rooms (community_id, building);
CREATE INDEX ix_rooms_steward_community_id ON rooms (steward, community_id);

-- 业主. The phone number is encrypted; phone_index is its keyed hash for look-up.
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

-- Who holds a room, from when to when (empty to_on: still). items: which fee items a tenant has agreed to pay, one a
-- line; empty: all.
CREATE TABLE tenures (
  id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  owner_id TEXT NOT NULL,
  role TEXT NOT NULL,
  from_on TEXT NOT NULL DEFAULT '',
  to_on TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  items TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  CONSTRAINT uq_tenures_room_id_owner_id_role_from_on UNIQUE (room_id, owner_id, role, from_on),
  CONSTRAINT fk_tenures_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT fk_tenures_owner_id FOREIGN KEY (owner_id) REFERENCES owners (id),
  CONSTRAINT ck_tenures_1 CHECK (role IN ('owner','tenant'))
) STRICT;
CREATE INDEX ix_tenures_owner_id ON tenures (owner_id);

-- Which rooms a user may see and pay for, and in whose name: owner_id is the owner or tenant, until_on the last day
-- on which they hold the room; from_on and items are those of a tenancy.
CREATE TABLE bindings (
  id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  role TEXT NOT NULL,
  source TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  owner_id TEXT NOT NULL DEFAULT '',
  from_on TEXT NOT NULL DEFAULT '',
  until_on TEXT NOT NULL DEFAULT '',
  items TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  CONSTRAINT uq_bindings_user_id_room_id UNIQUE (user_id, room_id),
  CONSTRAINT fk_bindings_user_id FOREIGN KEY (user_id) REFERENCES users (id),
  CONSTRAINT fk_bindings_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_bindings_1 CHECK (role IN ('owner','family','tenant','payer'))
) STRICT;
CREATE INDEX ix_bindings_room_id ON bindings (room_id);

-- 过户: a room changed hands. transfer_on is the first day of the new owner; amounts are what was unsettled of the
-- former owner when it was done, and the prepayment that lay with the room.
CREATE TABLE transfers (
  id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  from_owner_id TEXT NOT NULL,
  to_owner_id TEXT NOT NULL,
  transfer_on TEXT NOT NULL,
  owed_fen INTEGER NOT NULL,
  late_fee_fen INTEGER NOT NULL,
  moved_bills INTEGER NOT NULL,
  prepaid_fen INTEGER NOT NULL,
  prepaid_to TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  by_kind TEXT NOT NULL,
  by_id TEXT NOT NULL DEFAULT '',
  by_name TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_transfers_room_id_transfer_on UNIQUE (room_id, transfer_on),
  CONSTRAINT fk_transfers_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT fk_transfers_from_owner_id FOREIGN KEY (from_owner_id) REFERENCES owners (id),
  CONSTRAINT fk_transfers_to_owner_id FOREIGN KEY (to_owner_id) REFERENCES owners (id),
  CONSTRAINT ck_transfers_1 CHECK (from_owner_id <> to_owner_id),
  CONSTRAINT ck_transfers_2 CHECK (prepaid_to IN ('room','former')),
  CONSTRAINT ck_transfers_3 CHECK (owed_fen >= 0 AND late_fee_fen >= 0 AND prepaid_fen >= 0 AND moved_bills >= 0)
) STRICT;
CREATE INDEX ix_transfers_created_at ON transfers (created_at);

-- 空置: days on which a room is approved as empty, for which the owner pays a share. Who asks never approves.
CREATE TABLE vacancies (
  id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL,
  asked_kind TEXT NOT NULL DEFAULT '',
  asked_id TEXT NOT NULL DEFAULT '',
  asked_name TEXT NOT NULL DEFAULT '',
  decided_kind TEXT NOT NULL DEFAULT '',
  decided_id TEXT NOT NULL DEFAULT '',
  decided_name TEXT NOT NULL DEFAULT '',
  decided_at INTEGER NOT NULL DEFAULT 0,
  note TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT fk_vacancies_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_vacancies_1 CHECK (status IN ('requested','approved','refused'))
) STRICT;
CREATE INDEX ix_vacancies_room_id_from_on ON vacancies (room_id, from_on);
CREATE INDEX ix_vacancies_status_created_at ON vacancies (status, created_at);
