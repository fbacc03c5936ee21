-- A difference between WeChat's bill and ours: what, how much on both sides, and how it ended.
-- +goose Up
CREATE TABLE findings (
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
  PRIMARY KEY (id),
  UNIQUE KEY uq_findings_merchant_bill_on_kind_order_no_transaction_id (merchant, bill_on, kind, order_no, transaction_id),
  KEY ix_findings_resolution_bill_on (resolution, bill_on)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
