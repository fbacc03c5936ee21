-- What WeChat told us, as it came, with what proves its signature: every callback and every reply that changed something. Rows are only added, and erased by age. body is sealed with the data key where personal data stands in it in clear.
-- +goose Up
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
