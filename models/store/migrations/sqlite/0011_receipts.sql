-- +goose Up

-- A receipt for a payment, frozen as it was booked. seq is its number in the series of its community and year, given
-- by the follow-up in order; NULL until then. A refund makes it void, and a next version stands for what is left.
CREATE TABLE receipts (
  id TEXT NOT NULL,
  payment_id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  owner_id TEXT NOT NULL DEFAULT '',
  user_id TEXT NOT NULL DEFAULT '',
  channel TEXT NOT NULL,
  order_no TEXT NOT NULL DEFAULT '',
  transaction_id TEXT NOT NULL DEFAULT '',
  series_year INTEGER NOT NULL,
  seq INTEGER,
  version INTEGER NOT NULL,
  replaces_id TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL,
  amount_fen INTEGER NOT NULL,
  refunded_fen INTEGER NOT NULL DEFAULT 0,
  paid_at INTEGER NOT NULL,
  lines_json TEXT NOT NULL,
  party_json TEXT NOT NULL DEFAULT '',
  token TEXT NOT NULL,
  seal TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  numbered_at INTEGER NOT NULL DEFAULT 0,
  voided_at INTEGER NOT NULL DEFAULT 0,
  void_reason TEXT NOT NULL DEFAULT '',
  void_kind TEXT NOT NULL DEFAULT '',
  void_id TEXT NOT NULL DEFAULT '',
  void_name TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  CONSTRAINT uq_receipts_payment_id_version UNIQUE (payment_id, version),
  CONSTRAINT uq_receipts_community_id_series_year_seq UNIQUE (community_id, series_year, seq),
  CONSTRAINT ck_receipts_1 CHECK (amount_fen > 0),
  CONSTRAINT ck_receipts_2 CHECK (refunded_fen >= 0),
  CONSTRAINT ck_receipts_3 CHECK (status IN ('issued','void')),
  CONSTRAINT ck_receipts_4 CHECK (seq IS NULL OR seq > 0),
  CONSTRAINT ck_receipts_5 CHECK ((status = 'void') = (voided_at > 0)),
  CONSTRAINT ck_receipts_6 CHECK ((seq IS NULL) = (numbered_at = 0)),
  CONSTRAINT ck_receipts_7 CHECK (version > 0)
) STRICT;
CREATE INDEX ix_receipts_room_id_created_at ON receipts (room_id, created_at);

-- The last number given in a series of receipts: whoever numbers holds this row.
CREATE TABLE receipt_counters (
  community_id TEXT NOT NULL,
  series_year INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (community_id, series_year),
  CONSTRAINT ck_receipt_counters_1 CHECK (last_seq >= 0)
) STRICT;

-- Bills that a user lets somebody else pay by a link. Only the hash of its token is kept.
CREATE TABLE shares (
  id TEXT NOT NULL,
  token_hash TEXT NOT NULL,
  user_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  label TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  CONSTRAINT uq_shares_token_hash UNIQUE (token_hash),
  CONSTRAINT fk_shares_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_shares_1 CHECK (expires_at > created_at)
) STRICT;
CREATE INDEX ix_shares_user_id_created_at ON shares (user_id, created_at);
CREATE INDEX ix_shares_room_id_created_at ON shares (room_id, created_at);

-- The bills of a share.
CREATE TABLE share_bills (
  share_id TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  PRIMARY KEY (share_id, bill_id),
  CONSTRAINT fk_share_bills_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id)
) STRICT;
CREATE INDEX ix_share_bills_bill_id ON share_bills (bill_id);

-- An order that somebody made by a share. told_at: its payment was told to whoever shared.
CREATE TABLE share_orders (
  order_no TEXT NOT NULL,
  share_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  told_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (order_no)
) STRICT;
CREATE INDEX ix_share_orders_share_id ON share_orders (share_id);

-- A request for a tax invoice about a payment: the title, and what finance did about it. active is the payment while
-- the request is asked or issued, so that one payment has one invoice.
CREATE TABLE invoice_requests (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  payment_id TEXT NOT NULL,
  order_no TEXT NOT NULL DEFAULT '',
  user_id TEXT NOT NULL DEFAULT '',
  active TEXT,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  tax_no TEXT NOT NULL DEFAULT '',
  amount_fen INTEGER NOT NULL,
  status TEXT NOT NULL,
  invoice_no TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  decided_id TEXT NOT NULL DEFAULT '',
  decided_name TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  decided_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  CONSTRAINT uq_invoice_requests_active UNIQUE (active),
  CONSTRAINT ck_invoice_requests_1 CHECK (kind IN ('personal','company')),
  CONSTRAINT ck_invoice_requests_2 CHECK (status IN ('asked','issued','refused')),
  CONSTRAINT ck_invoice_requests_3 CHECK ((kind = 'company') = (tax_no <> '')),
  CONSTRAINT ck_invoice_requests_4 CHECK ((status = 'issued') = (invoice_no <> '')),
  CONSTRAINT ck_invoice_requests_5 CHECK ((status = 'asked') = (decided_at = 0)),
  CONSTRAINT ck_invoice_requests_6 CHECK (amount_fen > 0)
) STRICT;
CREATE INDEX ix_invoice_requests_status_id ON invoice_requests (status, id);
CREATE INDEX ix_invoice_requests_payment_id ON invoice_requests (payment_id);
CREATE INDEX ix_invoice_requests_room_id_created_at ON invoice_requests (room_id, created_at);
