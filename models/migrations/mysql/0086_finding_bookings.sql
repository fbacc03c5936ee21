-- Money that a difference of reconciliation brought to light, booked by two persons: into a room's prepayment, or into
-- suspense (room_id empty) until it is known whose it is: then two persons move it to that room (to_...). A transaction is
-- booked once.
-- +goose Up
CREATE TABLE finding_bookings (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  finding_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  merchant VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  transaction_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount_fen BIGINT NOT NULL,
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  asked_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  asked_name VARCHAR(100) NOT NULL,
  approved_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  approved_name VARCHAR(100) NOT NULL,
  created_at BIGINT NOT NULL,
  to_room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  to_asked_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  to_asked_name VARCHAR(100) NOT NULL DEFAULT '',
  to_approved_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  to_approved_name VARCHAR(100) NOT NULL DEFAULT '',
  to_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  UNIQUE KEY uq_finding_bookings_finding_id (finding_id),
  UNIQUE KEY uq_finding_bookings_transaction_id (transaction_id),
  CONSTRAINT ck_finding_bookings_1 CHECK (amount_fen > 0),
  CONSTRAINT ck_finding_bookings_2 CHECK (asked_id <> approved_id),
  CONSTRAINT ck_finding_bookings_3 CHECK (to_at = 0 OR (room_id = '' AND to_room_id <> '' AND to_asked_id <> to_approved_id))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
