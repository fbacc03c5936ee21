-- The outbox of 发货信息: each payment by WeChat whose delivery is reported, once an order. A row is queued with the booking. next_try_at is real time; errcode is WeChat's last answer.
-- +goose Up
CREATE TABLE shipments (
  order_no VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  transaction_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  open_id VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  status VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  err_code BIGINT NOT NULL DEFAULT 0,
  tries INT NOT NULL DEFAULT 0,
  next_try_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  sent_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (order_no),
  KEY ix_shipments_status_next_try_at (status, next_try_at),
  KEY ix_shipments_created_at (created_at),
  CONSTRAINT ck_shipments_1 CHECK (status IN ('queued','sent','skipped','failed'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
