-- Which bills a request is about.
-- +goose Up
CREATE TABLE request_bills (
  request_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  bill_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (request_id, bill_id),
  KEY ix_request_bills_bill_id (bill_id),
  CONSTRAINT fk_request_bills_request_id FOREIGN KEY (request_id) REFERENCES requests (id),
  CONSTRAINT fk_request_bills_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
