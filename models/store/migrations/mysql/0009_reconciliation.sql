-- +goose Up

-- How each merchant fares: when WeChat last reached us, when its bills were last had, and what last went wrong.
CREATE TABLE IF NOT EXISTS merchant_states (
  merchant VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  callback_at BIGINT NOT NULL DEFAULT 0,
  bill_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  bill_at BIGINT NOT NULL DEFAULT 0,
  error_at BIGINT NOT NULL DEFAULT 0,
  error_in VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  error_text VARCHAR(300) NOT NULL DEFAULT '',
  PRIMARY KEY (merchant)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A day against WeChat's trade bill and, as the third side, its fund-flow bill (flow_...), of one merchant, and who
-- signed the day off.
CREATE TABLE IF NOT EXISTS reconciliations (
  merchant VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  bill_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ours_count INT NOT NULL,
  ours_fen BIGINT NOT NULL,
  theirs_count INT NOT NULL,
  theirs_fen BIGINT NOT NULL,
  our_refunds INT NOT NULL,
  our_refunds_fen BIGINT NOT NULL,
  their_refunds INT NOT NULL,
  their_refunds_fen BIGINT NOT NULL,
  fee_fen VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  net_fen VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  bill_sha1 VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  runs INT NOT NULL,
  ran_at BIGINT NOT NULL,
  settled_fen BIGINT NOT NULL DEFAULT 0,
  returned_fen BIGINT NOT NULL DEFAULT 0,
  fee_expected_fen VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '0',
  flow_state VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  flow_payments BIGINT NOT NULL DEFAULT 0,
  flow_paid_fen BIGINT NOT NULL DEFAULT 0,
  flow_refunds BIGINT NOT NULL DEFAULT 0,
  flow_returned_fen BIGINT NOT NULL DEFAULT 0,
  flow_fee_fen BIGINT NOT NULL DEFAULT 0,
  flow_net_fen BIGINT NOT NULL DEFAULT 0,
  flow_other_in_fen BIGINT NOT NULL DEFAULT 0,
  flow_other_out_fen BIGINT NOT NULL DEFAULT 0,
  flow_sha1 VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  signed_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  signed_name VARCHAR(100) NOT NULL DEFAULT '',
  signed_at BIGINT NOT NULL DEFAULT 0,
  reopened_name VARCHAR(100) NOT NULL DEFAULT '',
  reopened_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (merchant, bill_on),
  KEY ix_reconciliations_bill_on (bill_on)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A difference between WeChat's bills and ours: what, how much on both sides, the evidence of both, what staff asked
-- for, and how it ended.
CREATE TABLE IF NOT EXISTS findings (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  merchant VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  bill_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  order_no VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  transaction_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ours_fen BIGINT NOT NULL,
  theirs_fen BIGINT NOT NULL,
  resolution VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  resolved_by VARCHAR(100) NOT NULL DEFAULT '',
  resolved_at BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  evidence VARCHAR(2000) NOT NULL DEFAULT '',
  reason VARCHAR(500) NOT NULL DEFAULT '',
  asked_action VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  asked_room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  asked_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  asked_name VARCHAR(100) NOT NULL DEFAULT '',
  asked_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  UNIQUE KEY uq_findings_merchant_bill_on_kind_order_no_transaction_id (merchant, bill_on, kind, order_no, transaction_id),
  KEY ix_findings_resolution_bill_on (resolution, bill_on),
  CONSTRAINT ck_findings_1 CHECK (asked_action IN ('','surplus','suspense'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Money that a difference of reconciliation brought to light, booked by two persons: into a room's prepayment, or
-- into suspense (room_id empty) until it is known whose it is: then two persons move it to that room (to_...). A
-- transaction is booked once.
CREATE TABLE IF NOT EXISTS finding_bookings (
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

-- What WeChat told us, as it came, with what proves its signature: every callback and every reply that changed
-- something. Rows are only added, and erased by age. body is sealed with the data key where personal data stands in
-- it in clear.
CREATE TABLE IF NOT EXISTS evidence (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  merchant VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  order_no VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  refund_no VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  notification_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  request_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  verdict VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  detail VARCHAR(200) NOT NULL DEFAULT '',
  status INT NOT NULL DEFAULT 0,
  serial VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  signed_at VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  nonce VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  signature VARCHAR(700) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  body_size INT NOT NULL DEFAULT 0,
  body_sha256 CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  sealed TINYINT NOT NULL DEFAULT 0,
  body BLOB NOT NULL,
  times INT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_evidence_order_no (order_no),
  KEY ix_evidence_created_at (created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
