-- Money received. transaction_id and order_no are unique: told twenty times, booked once.
-- +goose Up
CREATE TABLE payments (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  channel VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  order_no CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NULL,
  transaction_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  merchant VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  amount_fen BIGINT NOT NULL,
  surplus_fen BIGINT NOT NULL DEFAULT 0,
  source VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  paid_at BIGINT NOT NULL,
  paid_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  booked_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_payments_order_no (order_no),
  UNIQUE KEY uq_payments_transaction_id (transaction_id),
  KEY ix_payments_room_id_paid_on (room_id, paid_on),
  KEY ix_payments_paid_on_channel (paid_on, channel),
  KEY ix_payments_merchant_paid_on (merchant, paid_on),
  CONSTRAINT fk_payments_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_payments_1 CHECK (amount_fen > 0),
  CONSTRAINT ck_payments_2 CHECK (surplus_fen >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
