-- +goose Up

-- How many messages a user may still be sent by a template (one agreement, one message).
CREATE TABLE subscriptions (
  user_id TEXT NOT NULL,
  template TEXT NOT NULL,
  remaining INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, template),
  CONSTRAINT ck_subscriptions_1 CHECK (remaining >= 0)
) STRICT;

-- Every grant and every use; their sum is subscriptions.remaining.
CREATE TABLE subscription_entries (
  id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  template TEXT NOT NULL,
  delta INTEGER NOT NULL,
  reason TEXT NOT NULL,
  notice_id TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id)
) STRICT;
CREATE INDEX ix_subscription_entries_user_id_template ON subscription_entries (user_id, template);

-- The outbox: every message to a person, once per dedupe key. claimed_until and next_try_at are real time; due_on is
-- of the bills whose step it is; request_id is the request that it answers.
CREATE TABLE notices (
  id TEXT NOT NULL,
  dedupe TEXT NOT NULL,
  template TEXT NOT NULL,
  step TEXT NOT NULL,
  due_on TEXT NOT NULL DEFAULT '',
  user_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  order_no TEXT NOT NULL DEFAULT '',
  due_fen INTEGER NOT NULL DEFAULT 0,
  status TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  tries INTEGER NOT NULL DEFAULT 0,
  next_try_at INTEGER NOT NULL DEFAULT 0,
  claimed_by TEXT NOT NULL DEFAULT '',
  claimed_until INTEGER NOT NULL DEFAULT 0,
  business_on TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  sent_at INTEGER NOT NULL DEFAULT 0,
  request_id TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  CONSTRAINT uq_notices_dedupe UNIQUE (dedupe),
  CONSTRAINT ck_notices_1 CHECK (status IN ('queued','sending','sent','skipped','failed'))
) STRICT;
CREATE INDEX ix_notices_status_template_next_try_at_id ON notices (status, template, next_try_at, id);
CREATE INDEX ix_notices_room_id_business_on ON notices (room_id, business_on);
CREATE INDEX ix_notices_user_id ON notices (user_id);

-- The outbox of 发货信息: each payment by WeChat whose delivery is reported, once an order. A row is queued with the
-- booking. next_try_at is real time; errcode is WeChat's last answer.
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
