-- The bills of a share.
-- +goose Up
CREATE TABLE share_bills (
  share_id TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  PRIMARY KEY (share_id, bill_id),
  CONSTRAINT fk_share_bills_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id)
) STRICT;
CREATE INDEX ix_share_bills_bill_id ON share_bills (bill_id);
