-- +goose Up

-- A receipt for a payment, frozen as it was booked. seq is its number in the series of its community and year, given
-- by the follow-up in order; NULL until then. A refund makes it void, and a next version stands for what is left.
CREATE TABLE IF NOT EXISTS receipts (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payment_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  owner_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  user_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  channel VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  order_no CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  transaction_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  series_year INT NOT NULL,
  seq BIGINT NULL,
  version INT NOT NULL,
  replaces_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  status VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount_fen BIGINT NOT NULL,
  refunded_fen BIGINT NOT NULL DEFAULT 0,
  paid_at BIGINT NOT NULL,
  lines_json MEDIUMTEXT NOT NULL,
  party_json VARCHAR(2000) NOT NULL DEFAULT '',
  token VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seal CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  numbered_at BIGINT NOT NULL DEFAULT 0,
  voided_at BIGINT NOT NULL DEFAULT 0,
  void_reason VARCHAR(200) NOT NULL DEFAULT '',
  void_kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  void_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  void_name VARCHAR(60) NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  UNIQUE KEY uq_receipts_payment_id_version (payment_id, version),
  UNIQUE KEY uq_receipts_community_id_series_year_seq (community_id, series_year, seq),
  KEY ix_receipts_room_id_created_at (room_id, created_at),
  CONSTRAINT ck_receipts_1 CHECK (amount_fen > 0),
  CONSTRAINT ck_receipts_2 CHECK (refunded_fen >= 0),
  CONSTRAINT ck_receipts_3 CHECK (status IN ('issued','void')),
  CONSTRAINT ck_receipts_4 CHECK (seq IS NULL OR seq > 0),
  CONSTRAINT ck_receipts_5 CHECK ((status = 'void') = (voided_at > 0)),
  CONSTRAINT ck_receipts_6 CHECK ((seq IS NULL) = (numbered_at = 0)),
  CONSTRAINT ck_receipts_7 CHECK (version > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The last number given in a series of receipts: whoever numbers holds this row.
CREATE TABLE IF NOT EXISTS receipt_counters (
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  series_year INT NOT NULL,
  last_seq BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (community_id, series_year),
  CONSTRAINT ck_receipt_counters_1 CHECK (last_seq >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Bills that a user lets somebody else pay by a link. Only the hash of its token is kept.
CREATE TABLE IF NOT EXISTS shares (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  token_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  label VARCHAR(40) NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  UNIQUE KEY uq_shares_token_hash (token_hash),
  KEY ix_shares_user_id_created_at (user_id, created_at),
  KEY ix_shares_room_id_created_at (room_id, created_at),
  CONSTRAINT fk_shares_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_shares_1 CHECK (expires_at > created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The bills of a share.
CREATE TABLE IF NOT EXISTS share_bills (
  share_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  bill_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (share_id, bill_id),
  KEY ix_share_bills_bill_id (bill_id),
  CONSTRAINT fk_share_bills_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- An order that somebody made by a share. told_at: its payment was told to whoever shared.
CREATE TABLE IF NOT EXISTS share_orders (
  order_no CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  share_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at BIGINT NOT NULL,
  told_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (order_no),
  KEY ix_share_orders_share_id (share_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A request for a tax invoice about a payment: the title, and what finance did about it. active is the payment while
-- the request is asked or issued, so that one payment has one invoice.
CREATE TABLE IF NOT EXISTS invoice_requests (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payment_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  order_no CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  user_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  active CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NULL,
  kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  title VARCHAR(100) NOT NULL,
  tax_no VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  amount_fen BIGINT NOT NULL,
  status VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  invoice_no VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  reason VARCHAR(200) NOT NULL DEFAULT '',
  decided_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  decided_name VARCHAR(60) NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  decided_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  UNIQUE KEY uq_invoice_requests_active (active),
  KEY ix_invoice_requests_status_id (status, id),
  KEY ix_invoice_requests_payment_id (payment_id),
  KEY ix_invoice_requests_room_id_created_at (room_id, created_at),
  CONSTRAINT ck_invoice_requests_1 CHECK (kind IN ('personal','company')),
  CONSTRAINT ck_invoice_requests_2 CHECK (status IN ('asked','issued','refused')),
  CONSTRAINT ck_invoice_requests_3 CHECK ((kind = 'company') = (tax_no <> '')),
  CONSTRAINT ck_invoice_requests_4 CHECK ((status = 'issued') = (invoice_no <> '')),
  CONSTRAINT ck_invoice_requests_5 CHECK ((status = 'asked') = (decided_at = 0)),
  CONSTRAINT ck_invoice_requests_6 CHECK (amount_fen > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
