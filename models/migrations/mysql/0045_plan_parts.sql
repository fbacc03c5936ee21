-- The parts of a plan, in the order of their dates; their sum is what the plan covers.
-- +goose Up
CREATE TABLE plan_parts (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  plan_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  number INT NOT NULL,
  due_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount_fen BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_plan_parts_plan_id_number (plan_id, number),
  KEY ix_plan_parts_due_on (due_on),
  CONSTRAINT fk_plan_parts_plan_id FOREIGN KEY (plan_id) REFERENCES plans (id),
  CONSTRAINT ck_plan_parts_1 CHECK (amount_fen > 0),
  CONSTRAINT ck_plan_parts_2 CHECK (number > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
