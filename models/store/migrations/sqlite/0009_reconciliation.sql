-- +goose Up

-- How each merchant fares: when WeChat last reached us, when its bills were last had, and what last went wrong.
CREATE TABLE merchant_states (
  merchant TEXT NOT NULL,
  callback_at INTEGER NOT NULL DEFAULT 0,
  bill_on TEXT NOT NULL DEFAULT '',
  bill_at INTEGER NOT NULL DEFAULT 0,
  error_at INTEGER NOT NULL DEFAULT 0,
  error_in TEXT NOT NULL DEFAULT '',
  error_text TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (merchant)
) STRICT;

-- A day against WeChat's trade bill and, as the third side, its fund-flow bill (flow_...), of one merchant, and who
-- signed the day off.
CREATE TABLE reconciliations (
  merchant TEXT NOT NULL,
  bill_on TEXT NOT NULL,
  ours_count INTEGER NOT NULL,
  ours_fen INTEGER NOT NULL,
  theirs_count INTEGER NOT NULL,
  theirs_fen INTEGER NOT NULL,
  our_refunds INTEGER NOT NULL,
  our_refunds_fen INTEGER NOT NULL,
  their_refunds INTEGER NOT NULL,
  their_refunds_fen INTEGER NOT NULL,
  fee_fen TEXT NOT NULL,
  net_fen TEXT NOT NULL,
  bill_sha1 TEXT NOT NULL DEFAULT '',
  runs INTEGER NOT NULL,
  ran_at INTEGER NOT NULL,
  settled_fen INTEGER NOT NULL DEFAULT 0,
  returned_fen INTEGER NOT NULL DEFAULT 0,
  fee_expected_fen TEXT NOT NULL DEFAULT '0',
  flow_state TEXT NOT NULL DEFAULT '',
  flow_payments INTEGER NOT NULL DEFAULT 0,
  flow_paid_fen INTEGER NOT NULL DEFAULT 0,
  flow_refunds INTEGER NOT NULL DEFAULT 0,
  flow_returned_fen INTEGER NOT NULL DEFAULT 0,
  flow_fee_fen INTEGER NOT NULL DEFAULT 0,
  flow_net_fen INTEGER NOT NULL DEFAULT 0,
  flow_other_in_fen INTEGER NOT NULL DEFAULT 0,
  flow_other_out_fen INTEGER NOT NULL DEFAULT 0,
  flow_sha1 TEXT NOT NULL DEFAULT '',
  signed_id TEXT NOT NULL DEFAULT '',
  signed_name TEXT NOT NULL DEFAULT '',
  signed_at INTEGER NOT NULL DEFAULT 0,
  reopened_name TEXT NOT NULL DEFAULT '',
  reopened_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (merchant, bill_on)
) STRICT;
CREATE INDEX ix_reconciliations_bill_on ON reconciliations (bill_on);

-- A difference between WeChat's bills and ours: what, how much on both sides, the evidence of both, what staff asked
-- for, and how it ended.
CREATE TABLE findings (
  id TEXT NOT NULL,
  merchant TEXT NOT NULL,
  bill_on TEXT NOT NULL,
  kind TEXT NOT NULL,
  order_no TEXT NOT NULL DEFAULT '',
  transaction_id TEXT NOT NULL DEFAULT '',
  ours_fen INTEGER NOT NULL,
  theirs_fen INTEGER NOT NULL,
  resolution TEXT NOT NULL DEFAULT '',
  resolved_by TEXT NOT NULL DEFAULT '',
  resolved_at INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  evidence TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  asked_action TEXT NOT NULL DEFAULT '' CHECK (asked_action IN ('','surplus','suspense')),
  asked_room_id TEXT NOT NULL DEFAULT '',
  asked_id TEXT NOT NULL DEFAULT '',
  asked_name TEXT NOT NULL DEFAULT '',
  asked_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  CONSTRAINT uq_findings_merchant_bill_on_kind_order_no_transaction_id UNIQUE (merchant, bill_on, kind, order_no, transaction_id)
) STRICT;
CREATE INDEX ix_findings_resolution_bill_on ON findings (resolution, bill_on);

-- Money that a difference of reconciliation brought to light, booked by two persons: into a room's prepayment, or
-- into suspense (room_id empty) until it is known whose it is: then two persons move it to that room (to_...). A
-- transaction is booked once.
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

-- What WeChat told us, as it came, with what proves its signature: every callback and every reply that changed
-- something. Rows are only added, and erased by age. body is sealed with the data key where personal data stands in
-- it in clear.
CREATE TABLE evidence (
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  merchant TEXT NOT NULL,
  order_no TEXT NOT NULL DEFAULT '',
  refund_no TEXT NOT NULL DEFAULT '',
  notification_id TEXT NOT NULL DEFAULT '',
  request_id TEXT NOT NULL DEFAULT '',
  verdict TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT '',
  status INTEGER NOT NULL DEFAULT 0,
  serial TEXT NOT NULL DEFAULT '',
  signed_at TEXT NOT NULL DEFAULT '',
  nonce TEXT NOT NULL DEFAULT '',
  signature TEXT NOT NULL DEFAULT '',
  body_size INTEGER NOT NULL DEFAULT 0,
  body_sha256 TEXT NOT NULL DEFAULT '',
  sealed INTEGER NOT NULL DEFAULT 0,
  body BLOB NOT NULL,
  times INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id)
) STRICT;
CREATE INDEX ix_evidence_order_no ON evidence (order_no);
CREATE INDEX ix_evidence_created_at ON evidence (created_at);
