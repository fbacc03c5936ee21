-- Signed notifications that settled nothing: kept once, for staff to see.
-- +goose Up
CREATE TABLE callback_events (
  id TEXT NOT NULL,
  merchant TEXT NOT NULL,
  notification_id TEXT NOT NULL,
  order_no TEXT NOT NULL DEFAULT '',
  transaction_id TEXT NOT NULL DEFAULT '',
  amount_fen INTEGER NOT NULL DEFAULT 0,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT '',
  times INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_callback_events_merchant_notification_id UNIQUE (merchant, notification_id)
) STRICT;
CREATE INDEX ix_callback_events_created_at ON callback_events (created_at);
