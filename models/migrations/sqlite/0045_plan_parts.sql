-- The parts of a plan, in the order of their dates; their sum is what the plan covers.
-- +goose Up
CREATE TABLE plan_parts (
  id TEXT NOT NULL,
  plan_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  due_on TEXT NOT NULL,
  amount_fen INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_plan_parts_plan_id_number UNIQUE (plan_id, number),
  CONSTRAINT fk_plan_parts_plan_id FOREIGN KEY (plan_id) REFERENCES plans (id),
  CONSTRAINT ck_plan_parts_1 CHECK (amount_fen > 0),
  CONSTRAINT ck_plan_parts_2 CHECK (number > 0)
) STRICT;
CREATE INDEX ix_plan_parts_due_on ON plan_parts (due_on);
