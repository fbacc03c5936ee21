-- Which bills a request is about.
-- +goose Up
CREATE TABLE request_bills (
  request_id TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  PRIMARY KEY (request_id, bill_id),
  CONSTRAINT fk_request_bills_request_id FOREIGN KEY (request_id) REFERENCES requests (id),
  CONSTRAINT fk_request_bills_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id)
) STRICT;
CREATE INDEX ix_request_bills_bill_id ON request_bills (bill_id);
