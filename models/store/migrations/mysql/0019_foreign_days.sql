-- +goose Up

-- What another business took on a day by a merchant number that it shares with this one, as the rule of the
-- configuration told its trades apart. The sums of reconciliations hold it; here it stands by itself.
CREATE TABLE IF NOT EXISTS foreign_days (
  merchant VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  bill_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payments INT NOT NULL,
  paid_fen BIGINT NOT NULL,
  refunds INT NOT NULL,
  refunds_fen BIGINT NOT NULL,
  settled_fen BIGINT NOT NULL,
  returned_fen BIGINT NOT NULL,
  fee_fen VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  flow_payments INT NOT NULL,
  flow_paid_fen BIGINT NOT NULL,
  flow_refunds INT NOT NULL,
  flow_returned_fen BIGINT NOT NULL,
  flow_fee_fen BIGINT NOT NULL,
  PRIMARY KEY (merchant, bill_on),
  CONSTRAINT fk_foreign_days_merchant_bill_on FOREIGN KEY (merchant, bill_on) REFERENCES reconciliations (merchant, bill_on),
  CONSTRAINT ck_foreign_days_1 CHECK (payments >= 0 AND refunds >= 0 AND flow_payments >= 0 AND flow_refunds >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
