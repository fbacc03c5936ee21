-- What a plan covers of each bill, as it was owed on the day the plan was made. settled_fen is what had been settled of the bill by then, by which progress is told.
-- +goose Up
CREATE TABLE plan_bills (
  plan_id TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  principal_fen INTEGER NOT NULL,
  late_fee_fen INTEGER NOT NULL,
  settled_fen INTEGER NOT NULL,
  PRIMARY KEY (plan_id, bill_id),
  CONSTRAINT fk_plan_bills_plan_id FOREIGN KEY (plan_id) REFERENCES plans (id),
  CONSTRAINT fk_plan_bills_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id),
  CONSTRAINT ck_plan_bills_1 CHECK (principal_fen >= 0),
  CONSTRAINT ck_plan_bills_2 CHECK (late_fee_fen >= 0),
  CONSTRAINT ck_plan_bills_3 CHECK (principal_fen + late_fee_fen > 0)
) STRICT;
CREATE INDEX ix_plan_bills_bill_id ON plan_bills (bill_id);
