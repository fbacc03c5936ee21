-- The one open order that a bill is in. The row goes when the order ends.
-- +goose Up
CREATE TABLE bill_claims (
  bill_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  order_no CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (bill_id),
  KEY ix_bill_claims_order_no (order_no)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
