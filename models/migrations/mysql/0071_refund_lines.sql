-- Which shares of a payment a refund gives back: of a bill its principal and late fee, or prepayment of a fee item (item empty: general).
-- +goose Up
CREATE TABLE refund_lines (
  refund_no CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  number INT NOT NULL,
  bill_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  item VARCHAR(40) NOT NULL DEFAULT '',
  principal_fen BIGINT NOT NULL DEFAULT 0,
  late_fee_fen BIGINT NOT NULL DEFAULT 0,
  prepaid_fen BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (refund_no, number),
  KEY ix_refund_lines_bill_id (bill_id),
  CONSTRAINT fk_refund_lines_refund_no FOREIGN KEY (refund_no) REFERENCES refunds (no),
  CONSTRAINT ck_refund_lines_1 CHECK (principal_fen >= 0 AND late_fee_fen >= 0 AND prepaid_fen >= 0),
  CONSTRAINT ck_refund_lines_2 CHECK (principal_fen + late_fee_fen + prepaid_fen > 0),
  CONSTRAINT ck_refund_lines_3 CHECK ((bill_id = '') = (prepaid_fen > 0))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
