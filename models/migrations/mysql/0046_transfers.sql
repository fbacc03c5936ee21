-- 过户: a room changed hands. transfer_on is the first day of the new owner; amounts are what was unsettled of the former owner when it was done, and the prepayment that lay with the room.
-- +goose Up
CREATE TABLE transfers (
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
