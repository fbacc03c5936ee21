-- Which shares of a payment a refund gives back: of a bill its principal and late fee, or prepayment of a fee item (item empty: general).
-- +goose Up
CREATE TABLE refund_lines (
  refund_no TEXT NOT NULL,
  number INTEGER NOT NULL,
  bill_id TEXT NOT NULL DEFAULT '',
  item TEXT NOT NULL DEFAULT '',
  principal_fen INTEGER NOT NULL DEFAULT 0,
  late_fee_fen INTEGER NOT NULL DEFAULT 0,
  prepaid_fen INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (refund_no, number),
  CONSTRAINT fk_refund_lines_refund_no FOREIGN KEY (refund_no) REFERENCES refunds (no),
  CONSTRAINT ck_refund_lines_1 CHECK (principal_fen >= 0 AND late_fee_fen >= 0 AND prepaid_fen >= 0),
  CONSTRAINT ck_refund_lines_2 CHECK (principal_fen + late_fee_fen + prepaid_fen > 0),
  CONSTRAINT ck_refund_lines_3 CHECK ((bill_id = '') = (prepaid_fen > 0))
) STRICT;
CREATE INDEX ix_refund_lines_bill_id ON refund_lines (bill_id);
