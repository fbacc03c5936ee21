-- What has gone back of a payment and what is under way, in one row that every refund of it must move: never more than was paid, at most 50 parts, a minute apart (last_sent_at).
-- +goose Up
CREATE TABLE refund_sums (
  payment_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  order_no CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount_fen BIGINT NOT NULL,
  held_fen BIGINT NOT NULL DEFAULT 0,
  refunded_fen BIGINT NOT NULL DEFAULT 0,
  parts INT NOT NULL DEFAULT 0,
  last_sent_at BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (payment_id),
  UNIQUE KEY uq_refund_sums_order_no (order_no),
  CONSTRAINT fk_refund_sums_payment_id FOREIGN KEY (payment_id) REFERENCES payments (id),
  CONSTRAINT ck_refund_sums_1 CHECK (held_fen >= 0 AND refunded_fen >= 0),
  CONSTRAINT ck_refund_sums_2 CHECK (held_fen + refunded_fen <= amount_fen),
  CONSTRAINT ck_refund_sums_3 CHECK (parts >= 0 AND parts <= 50)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
