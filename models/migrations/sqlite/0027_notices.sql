-- The outbox: every message to a person, once per dedupe key. claimed_until and next_try_at are real time; due_on is of the bills whose step it is.
-- +goose Up
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
  PRIMARY KEY (id),
  CONSTRAINT uq_notices_dedupe UNIQUE (dedupe),
  CONSTRAINT ck_notices_1 CHECK (status IN ('queued','sending','sent','skipped','failed'))
) STRICT;
CREATE INDEX ix_notices_status_template_next_try_at_id ON notices (status, template, next_try_at, id);
CREATE INDEX ix_notices_room_id_business_on ON notices (room_id, business_on);
CREATE INDEX ix_notices_user_id ON notices (user_id);
