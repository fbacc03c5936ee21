-- The balance of prepayment 预存 of a room for one fee item; item empty: general, for any item. Their sum is rooms.prepaid_fen.
-- +goose Up
CREATE TABLE prepaid_balances (
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
