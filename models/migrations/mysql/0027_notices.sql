-- The outbox: every message to a person, once per dedupe key. claimed_until and next_try_at are real time; due_on is of the bills whose step it is.
-- +goose Up
CREATE TABLE notices (
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
  PRIMARY KEY (id),
  UNIQUE KEY uq_notices_dedupe (dedupe),
  KEY ix_notices_status_template_next_try_at_id (status, template, next_try_at, id),
  KEY ix_notices_room_id_business_on (room_id, business_on),
  KEY ix_notices_user_id (user_id),
  CONSTRAINT ck_notices_1 CHECK (status IN ('queued','sending','sent','skipped','failed'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
