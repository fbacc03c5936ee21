-- A discount can be taken back: where money that earned it has been refunded, its entry is positive.
-- +goose Up
CREATE TABLE bill_entries_new (
  id TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  principal_fen INTEGER NOT NULL,
  late_fee_fen INTEGER NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  request_id TEXT NOT NULL DEFAULT '',
  asked_kind TEXT NOT NULL,
  asked_id TEXT NOT NULL DEFAULT '',
  asked_name TEXT NOT NULL DEFAULT '',
  approved_kind TEXT NOT NULL,
  approved_id TEXT NOT NULL DEFAULT '',
  approved_name TEXT NOT NULL DEFAULT '',
  effective_on TEXT NOT NULL,
  booked_on TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT fk_bill_entries_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id),
  CONSTRAINT ck_bill_entries_1 CHECK (kind IN ('waiver','correction','void','discount')),
  CONSTRAINT ck_bill_entries_2 CHECK ((kind = 'waiver' AND principal_fen = 0) OR (kind <> 'waiver' AND late_fee_fen = 0)),
  CONSTRAINT ck_bill_entries_3 CHECK (kind <> 'discount' OR principal_fen <> 0),
  CONSTRAINT ck_bill_entries_4 CHECK (kind <> 'void' OR principal_fen <= 0),
  CONSTRAINT ck_bill_entries_5 CHECK (asked_kind = 'system' OR approved_kind <> asked_kind OR approved_id <> asked_id)
) STRICT;
INSERT INTO bill_entries_new SELECT id, bill_id, room_id, kind, principal_fen, late_fee_fen, reason, request_id, asked_kind, asked_id, asked_name, approved_kind, approved_id, approved_name, effective_on, booked_on, created_at FROM bill_entries;
DROP TABLE bill_entries;
ALTER TABLE bill_entries_new RENAME TO bill_entries;
CREATE INDEX ix_bill_entries_bill_id_id ON bill_entries (bill_id, id);
CREATE INDEX ix_bill_entries_room_id_booked_on ON bill_entries (room_id, booked_on);
CREATE INDEX ix_bill_entries_request_id ON bill_entries (request_id);
