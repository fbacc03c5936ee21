-- What a plan covers of each bill, as it was owed on the day the plan was made. settled_fen is what had been settled of the bill by then, by which progress is told.
-- +goose Up
CREATE TABLE plan_bills (
  plan_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  bill_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  principal_fen BIGINT NOT NULL,
  late_fee_fen BIGINT NOT NULL,
  settled_fen BIGINT NOT NULL,
  PRIMARY KEY (plan_id, bill_id),
  KEY ix_plan_bills_bill_id (bill_id),
  CONSTRAINT fk_plan_bills_plan_id FOREIGN KEY (plan_id) REFERENCES plans (id),
  CONSTRAINT fk_plan_bills_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id),
  CONSTRAINT ck_plan_bills_1 CHECK (principal_fen >= 0),
  CONSTRAINT ck_plan_bills_2 CHECK (late_fee_fen >= 0),
  CONSTRAINT ck_plan_bills_3 CHECK (principal_fen + late_fee_fen > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
