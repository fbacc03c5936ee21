-- 分期: bills of a room paid in parts. frozen: no late fee accrues on them while the plan is kept. It is broken when a part is still unpaid break_days after its date, and kept when everything is paid.
-- +goose Up
CREATE TABLE plans (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  status TEXT NOT NULL,
  total_fen INTEGER NOT NULL,
  frozen INTEGER NOT NULL,
  break_days INTEGER NOT NULL,
  made_on TEXT NOT NULL,
  ended_on TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_plans_request_id UNIQUE (request_id),
  CONSTRAINT fk_plans_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_plans_1 CHECK (status IN ('active','kept','broken')),
  CONSTRAINT ck_plans_2 CHECK (total_fen > 0),
  CONSTRAINT ck_plans_3 CHECK (break_days BETWEEN 0 AND 90),
  CONSTRAINT ck_plans_4 CHECK ((status = 'active') = (ended_on = ''))
) STRICT;
CREATE INDEX ix_plans_room_id_status ON plans (room_id, status);
CREATE INDEX ix_plans_status_id ON plans (status, id);
