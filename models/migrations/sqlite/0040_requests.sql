-- What an owner or staff asked for, and how it was decided. The decider is another person than the one who asked. active keeps one open request of a kind alive for a subject: it is the subject while the request is open, then the id.
-- +goose Up
CREATE TABLE requests (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  active TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL DEFAULT '',
  amount_fen INTEGER NOT NULL DEFAULT 0,
  pay_on TEXT NOT NULL DEFAULT '',
  parts TEXT NOT NULL DEFAULT '',
  frozen INTEGER NOT NULL DEFAULT 0,
  break_days INTEGER NOT NULL DEFAULT 0,
  asked_kind TEXT NOT NULL,
  asked_id TEXT NOT NULL DEFAULT '',
  asked_name TEXT NOT NULL DEFAULT '',
  decided_kind TEXT NOT NULL DEFAULT '',
  decided_id TEXT NOT NULL DEFAULT '',
  decided_name TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  decided_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  CONSTRAINT uq_requests_kind_active UNIQUE (kind, active),
  CONSTRAINT fk_requests_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_requests_1 CHECK (kind IN ('waiver','correction','void','instalment','dispute','promise','refund')),
  CONSTRAINT ck_requests_2 CHECK (status IN ('open','approved','rejected')),
  CONSTRAINT ck_requests_3 CHECK (amount_fen >= 0),
  CONSTRAINT ck_requests_4 CHECK ((status = 'open') = (decided_at = 0)),
  CONSTRAINT ck_requests_5 CHECK (decided_id = '' OR decided_kind <> asked_kind OR decided_id <> asked_id)
) STRICT;
CREATE INDEX ix_requests_status_kind_id ON requests (status, kind, id);
CREATE INDEX ix_requests_room_id_id ON requests (room_id, id);
CREATE INDEX ix_requests_asked_id_id ON requests (asked_id, id);
