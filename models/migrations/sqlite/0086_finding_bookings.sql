-- Money that a difference of reconciliation brought to light, booked by two persons: into a room's prepayment, or into
-- suspense (room_id empty) until it is known whose it is: then two persons move it to that room (to_...). A transaction is
-- booked once.
-- +goose Up
CREATE TABLE finding_bookings (
  id TEXT NOT NULL,
  finding_id TEXT NOT NULL,
  merchant TEXT NOT NULL,
  transaction_id TEXT NOT NULL,
  amount_fen INTEGER NOT NULL,
  community_id TEXT NOT NULL DEFAULT '',
  room_id TEXT NOT NULL DEFAULT '',
  asked_id TEXT NOT NULL,
  asked_name TEXT NOT NULL,
  approved_id TEXT NOT NULL,
  approved_name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  to_room_id TEXT NOT NULL DEFAULT '',
  to_asked_id TEXT NOT NULL DEFAULT '',
  to_asked_name TEXT NOT NULL DEFAULT '',
  to_approved_id TEXT NOT NULL DEFAULT '',
  to_approved_name TEXT NOT NULL DEFAULT '',
  to_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  CONSTRAINT uq_finding_bookings_finding_id UNIQUE (finding_id),
  CONSTRAINT uq_finding_bookings_transaction_id UNIQUE (transaction_id),
  CONSTRAINT ck_finding_bookings_1 CHECK (amount_fen > 0),
  CONSTRAINT ck_finding_bookings_2 CHECK (asked_id <> approved_id),
  CONSTRAINT ck_finding_bookings_3 CHECK (to_at = 0 OR (room_id = '' AND to_room_id <> '' AND to_asked_id <> to_approved_id))
) STRICT;
