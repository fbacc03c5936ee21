-- A payment undone 冲正: an entry of its own that takes off bills and prepayment what the payment had brought. It counts in a day of the cashier who had entered the payment.
-- +goose Up
CREATE TABLE payment_reversals (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payment_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  channel VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount_fen BIGINT NOT NULL,
  staff_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  day_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason VARCHAR(200) NOT NULL,
  by_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  by_name VARCHAR(60) NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_payment_reversals_payment_id (payment_id),
  KEY ix_payment_reversals_community_id_day_on_staff_id_channel (community_id, day_on, staff_id, channel),
  KEY ix_payment_reversals_room_id (room_id),
  CONSTRAINT fk_payment_reversals_payment_id FOREIGN KEY (payment_id) REFERENCES payments (id),
  CONSTRAINT ck_payment_reversals_1 CHECK (amount_fen > 0),
  CONSTRAINT ck_payment_reversals_2 CHECK (reason <> '')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
