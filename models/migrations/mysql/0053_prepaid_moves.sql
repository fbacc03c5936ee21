-- Prepayment that staff moved from one fee item to another, and why. Each move has two entries that add up to nothing.
-- +goose Up
CREATE TABLE prepaid_moves (
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
