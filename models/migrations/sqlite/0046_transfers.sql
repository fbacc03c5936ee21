-- 过户: a room changed hands. transfer_on is the first day of the new owner; amounts are what was unsettled of the former owner when it was done, and the prepayment that lay with the room.
-- +goose Up
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
