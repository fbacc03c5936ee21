-- A day against WeChat's bill, of one merchant.
-- +goose Up
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
  PRIMARY KEY (merchant, bill_on)
) STRICT;
CREATE INDEX ix_reconciliations_bill_on ON reconciliations (bill_on);
