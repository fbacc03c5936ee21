-- What a line of a batch collects of a bill, frozen. open_bill_id is the bill while the bank may still collect it: unique, so that a bill is in one open batch at most.
-- +goose Up
CREATE TABLE collection_bills (
  line_id TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  principal_fen INTEGER NOT NULL,
  late_fee_fen INTEGER NOT NULL,
  open_bill_id TEXT,
  PRIMARY KEY (line_id, bill_id),
  CONSTRAINT uq_collection_bills_open_bill_id UNIQUE (open_bill_id),
  CONSTRAINT fk_collection_bills_line_id FOREIGN KEY (line_id) REFERENCES collection_lines (id),
  CONSTRAINT fk_collection_bills_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id),
  CONSTRAINT ck_collection_bills_1 CHECK (principal_fen >= 0),
  CONSTRAINT ck_collection_bills_2 CHECK (late_fee_fen >= 0),
  CONSTRAINT ck_collection_bills_3 CHECK (principal_fen + late_fee_fen > 0)
) STRICT;
CREATE INDEX ix_collection_bills_bill_id ON collection_bills (bill_id);
