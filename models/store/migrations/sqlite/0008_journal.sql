-- +goose Up

-- Every fen that moves: one row is one balanced pair.
CREATE TABLE journal (
  id TEXT NOT NULL,
  booked_at INTEGER NOT NULL,
  booked_on TEXT NOT NULL,
  kind TEXT NOT NULL,
  debit TEXT NOT NULL,
  credit TEXT NOT NULL,
  amount_fen INTEGER NOT NULL,
  community_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  bill_id TEXT NOT NULL DEFAULT '',
  payment_id TEXT NOT NULL DEFAULT '',
  merchant TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  CONSTRAINT ck_journal_1 CHECK (amount_fen > 0),
  CONSTRAINT ck_journal_2 CHECK (debit <> credit)
) STRICT;
CREATE INDEX ix_journal_payment_id ON journal (payment_id);
CREATE INDEX ix_journal_room_id_booked_on ON journal (room_id, booked_on);
CREATE INDEX ix_journal_booked_on ON journal (booked_on);

-- Who did what to what, and when. Only grows.
CREATE TABLE audit (
  id TEXT NOT NULL,
  at INTEGER NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id TEXT NOT NULL DEFAULT '',
  actor_name TEXT NOT NULL DEFAULT '',
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  subject_id TEXT NOT NULL DEFAULT '',
  detail TEXT NOT NULL DEFAULT '',
  request_id TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (id)
) STRICT;
CREATE INDEX ix_audit_subject_subject_id ON audit (subject, subject_id);
CREATE INDEX ix_audit_at ON audit (at);
CREATE INDEX ix_audit_actor_id_at ON audit (actor_id, at);
