-- What an order pays, frozen as quoted. open_bill_id is the bill while the order is open: unique, so that a bill is in one open order at most.
-- +goose Up
CREATE TABLE order_lines (
  order_no TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  principal_fen INTEGER NOT NULL,
  late_fee_fen INTEGER NOT NULL,
  open_bill_id TEXT,
  PRIMARY KEY (order_no, bill_id),
  CONSTRAINT uq_order_lines_open_bill_id UNIQUE (open_bill_id),
  CONSTRAINT fk_order_lines_order_no FOREIGN KEY (order_no) REFERENCES orders (no),
  CONSTRAINT fk_order_lines_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id),
  CONSTRAINT ck_order_lines_1 CHECK (principal_fen >= 0),
  CONSTRAINT ck_order_lines_2 CHECK (late_fee_fen >= 0),
  CONSTRAINT ck_order_lines_3 CHECK (principal_fen + late_fee_fen > 0)
) STRICT;
CREATE INDEX ix_order_lines_bill_id ON order_lines (bill_id);
