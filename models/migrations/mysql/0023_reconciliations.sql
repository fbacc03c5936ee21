-- A day against WeChat's bill, of one merchant.
-- +goose Up
CREATE TABLE reconciliations (
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
  PRIMARY KEY (merchant, bill_on),
  KEY ix_reconciliations_bill_on (bill_on)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
