-- The outbox of 发货信息: each payment by WeChat whose delivery is reported, once an order. A row is queued with the booking. next_try_at is real time; errcode is WeChat's last answer.
-- +goose Up
CREATE TABLE shipments (
  order_no TEXT NOT NULL,
  transaction_id TEXT NOT NULL,
  open_id TEXT NOT NULL,
  status TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  err_code INTEGER NOT NULL DEFAULT 0,
  tries INTEGER NOT NULL DEFAULT 0,
  next_try_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  sent_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (order_no),
  CONSTRAINT ck_shipments_1 CHECK (status IN ('queued','sent','skipped','failed'))
) STRICT;
CREATE INDEX ix_shipments_status_next_try_at ON shipments (status, next_try_at);
CREATE INDEX ix_shipments_created_at ON shipments (created_at);
