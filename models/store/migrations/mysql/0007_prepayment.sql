-- +goose Up

-- The balance of prepayment 预存 of a room for one fee item; item empty: general, for any item. Their sum is
-- rooms.prepaid_fen.
CREATE TABLE IF NOT EXISTS prepaid_balances (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  item VARCHAR(40) NOT NULL DEFAULT '',
  amount_fen BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_prepaid_balances_room_id_item (room_id, item),
  CONSTRAINT fk_prepaid_balances_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_prepaid_balances_1 CHECK (amount_fen >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Every move of a room's prepaid balance; their sum is rooms.prepaid_fen. item is the fee item that prepayment is
-- kept for; empty: general.
CREATE TABLE IF NOT EXISTS prepaid_entries (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount_fen BIGINT NOT NULL,
  payment_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  bill_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  item VARCHAR(40) NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  KEY ix_prepaid_entries_room_id_created_at (room_id, created_at),
  KEY ix_prepaid_entries_payment_id (payment_id),
  CONSTRAINT fk_prepaid_entries_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_prepaid_entries_2 CHECK (kind IN ('topup','surplus','offset','refund','credit','move'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Prepayment that staff moved from one fee item to another, and why. Each move has two entries that add up to
-- nothing.
CREATE TABLE IF NOT EXISTS prepaid_moves (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  from_item VARCHAR(40) NOT NULL DEFAULT '',
  to_item VARCHAR(40) NOT NULL DEFAULT '',
  amount_fen BIGINT NOT NULL,
  reason VARCHAR(200) NOT NULL,
  by_name VARCHAR(60) NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_prepaid_moves_room_id_created_at (room_id, created_at),
  CONSTRAINT fk_prepaid_moves_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_prepaid_moves_1 CHECK (amount_fen > 0),
  CONSTRAINT ck_prepaid_moves_2 CHECK (from_item <> to_item)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
