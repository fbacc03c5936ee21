-- +goose Up

-- How many messages a user may still be sent by a template (one agreement, one message).
CREATE TABLE IF NOT EXISTS subscriptions (
  user_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  template VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  remaining INT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (user_id, template),
  CONSTRAINT ck_subscriptions_1 CHECK (remaining >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Every grant and every use; their sum is subscriptions.remaining.
CREATE TABLE IF NOT EXISTS subscription_entries (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  template VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  delta INT NOT NULL,
  reason VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  notice_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_subscription_entries_user_id_template (user_id, template)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The outbox: every message to a person, once per dedupe key. claimed_until and next_try_at are real time; due_on is
-- of the bills whose step it is; request_id is the request that it answers.
CREATE TABLE IF NOT EXISTS notices (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  dedupe VARCHAR(160) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  template VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  step VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  due_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  user_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  order_no CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  due_fen BIGINT NOT NULL DEFAULT 0,
  status VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  tries INT NOT NULL DEFAULT 0,
  next_try_at BIGINT NOT NULL DEFAULT 0,
  claimed_by VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  claimed_until BIGINT NOT NULL DEFAULT 0,
  business_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at BIGINT NOT NULL,
  sent_at BIGINT NOT NULL DEFAULT 0,
  request_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  UNIQUE KEY uq_notices_dedupe (dedupe),
  KEY ix_notices_status_template_next_try_at_id (status, template, next_try_at, id),
  KEY ix_notices_room_id_business_on (room_id, business_on),
  KEY ix_notices_user_id (user_id),
  CONSTRAINT ck_notices_1 CHECK (status IN ('queued','sending','sent','skipped','failed'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The outbox of 发货信息: each payment by WeChat whose delivery is reported, once an order. A row is queued with the
-- booking. next_try_at is real time; errcode is WeChat's last answer.
CREATE TABLE IF NOT EXISTS shipments (
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
