-- +goose Up

-- Every fen that moves: one row is one balanced pair.
CREATE TABLE IF NOT EXISTS journal (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  booked_at BIGINT NOT NULL,
  booked_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  debit VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  credit VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount_fen BIGINT NOT NULL,
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  bill_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  payment_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  merchant VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  KEY ix_journal_payment_id (payment_id),
  KEY ix_journal_room_id_booked_on (room_id, booked_on),
  KEY ix_journal_booked_on (booked_on),
  CONSTRAINT ck_journal_1 CHECK (amount_fen > 0),
  CONSTRAINT ck_journal_2 CHECK (debit <> credit)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Who did what to what, and when. Only grows.
CREATE TABLE IF NOT EXISTS audit (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  at BIGINT NOT NULL,
  actor_kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  actor_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  actor_name VARCHAR(100) NOT NULL DEFAULT '',
  action VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  subject VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  subject_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  detail VARCHAR(2000) NOT NULL DEFAULT '',
  request_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  KEY ix_audit_subject_subject_id (subject, subject_id),
  KEY ix_audit_at (at),
  KEY ix_audit_actor_id_at (actor_id, at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
