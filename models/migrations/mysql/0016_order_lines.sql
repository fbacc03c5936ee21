-- What an order pays, frozen as quoted. open_bill_id is the bill while the order is open: unique, so that a bill is in one open order at most.
-- +goose Up
CREATE TABLE order_lines (
  order_no CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  bill_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  principal_fen BIGINT NOT NULL,
  late_fee_fen BIGINT NOT NULL,
  open_bill_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NULL,
  PRIMARY KEY (order_no, bill_id),
  UNIQUE KEY uq_order_lines_open_bill_id (open_bill_id),
  KEY ix_order_lines_bill_id (bill_id),
  CONSTRAINT fk_order_lines_order_no FOREIGN KEY (order_no) REFERENCES orders (no),
  CONSTRAINT fk_order_lines_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id),
  CONSTRAINT ck_order_lines_1 CHECK (principal_fen >= 0),
  CONSTRAINT ck_order_lines_2 CHECK (late_fee_fen >= 0),
  CONSTRAINT ck_order_lines_3 CHECK (principal_fen + late_fee_fen > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
