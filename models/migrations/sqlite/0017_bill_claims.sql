-- The one open order that a bill is in. The row goes when the order ends.
-- +goose Up
CREATE TABLE bill_claims (
  bill_id TEXT NOT NULL,
  order_no TEXT NOT NULL,
  PRIMARY KEY (bill_id)
) STRICT;
CREATE INDEX ix_bill_claims_order_no ON bill_claims (order_no);
