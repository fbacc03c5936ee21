-- Everything that changes a bill besides money. Amounts are what was added to principal and late fee: a waiver is negative late fee. effective_on is the day from which it counts, booked_on the day on which it was done.
-- +goose Up
CREATE TABLE bill_entries (
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
  CONSTRAINT ck_bill_entries_3 CHECK (kind <> 'discount' OR principal_fen < 0),
  CONSTRAINT ck_bill_entries_4 CHECK (kind <> 'void' OR principal_fen <= 0),
  CONSTRAINT ck_bill_entries_5 CHECK (asked_kind = 'system' OR approved_kind <> asked_kind OR approved_id <> asked_id)
) STRICT;
CREATE INDEX ix_bill_entries_bill_id_id ON bill_entries (bill_id, id);
CREATE INDEX ix_bill_entries_room_id_booked_on ON bill_entries (room_id, booked_on);
CREATE INDEX ix_bill_entries_request_id ON bill_entries (request_id);
