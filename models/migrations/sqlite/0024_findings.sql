-- A difference between WeChat's bill and ours: what, how much on both sides, and how it ended.
-- +goose Up
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
  PRIMARY KEY (id),
  CONSTRAINT uq_findings_merchant_bill_on_kind_order_no_transaction_id UNIQUE (merchant, bill_on, kind, order_no, transaction_id)
) STRICT;
CREATE INDEX ix_findings_resolution_bill_on ON findings (resolution, bill_on);
