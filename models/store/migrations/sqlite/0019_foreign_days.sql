-- +goose Up

-- What another business took on a day by a merchant number that it shares with this one, as the rule of the
-- configuration told its trades apart. The sums of reconciliations hold it; here it stands by itself.
CREATE TABLE foreign_days (
  merchant TEXT NOT NULL,
  bill_on TEXT NOT NULL,
  payments INTEGER NOT NULL,
  paid_fen INTEGER NOT NULL,
  refunds INTEGER NOT NULL,
  refunds_fen INTEGER NOT NULL,
  settled_fen INTEGER NOT NULL,
  returned_fen INTEGER NOT NULL,
  fee_fen TEXT NOT NULL,
  flow_payments INTEGER NOT NULL,
  flow_paid_fen INTEGER NOT NULL,
  flow_refunds INTEGER NOT NULL,
  flow_returned_fen INTEGER NOT NULL,
  flow_fee_fen INTEGER NOT NULL,
  PRIMARY KEY (merchant, bill_on),
  CONSTRAINT fk_foreign_days_merchant_bill_on FOREIGN KEY (merchant, bill_on) REFERENCES reconciliations (merchant, bill_on),
  CONSTRAINT ck_foreign_days_1 CHECK (payments >= 0 AND refunds >= 0 AND flow_payments >= 0 AND flow_refunds >= 0)
) STRICT;
