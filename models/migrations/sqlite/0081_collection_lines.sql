-- What a batch asks of one account: the bills of one room. number is its place in the file, by which the bank answers.
-- +goose Up
CREATE TABLE collection_lines (
  id TEXT NOT NULL,
  batch_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  room_id TEXT NOT NULL,
  mandate_id TEXT NOT NULL,
  amount_fen INTEGER NOT NULL,
  status TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  payment_id TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_collection_lines_batch_id_number UNIQUE (batch_id, number),
  CONSTRAINT fk_collection_lines_batch_id FOREIGN KEY (batch_id) REFERENCES collection_batches (id),
  CONSTRAINT fk_collection_lines_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT fk_collection_lines_mandate_id FOREIGN KEY (mandate_id) REFERENCES bank_mandates (id),
  CONSTRAINT ck_collection_lines_1 CHECK (status IN ('waiting','paid','failed','cancelled')),
  CONSTRAINT ck_collection_lines_2 CHECK (amount_fen > 0),
  CONSTRAINT ck_collection_lines_3 CHECK ((status = 'paid') = (payment_id <> '')),
  CONSTRAINT ck_collection_lines_4 CHECK (status <> 'failed' OR reason <> '')
) STRICT;
CREATE INDEX ix_collection_lines_room_id ON collection_lines (room_id);
CREATE INDEX ix_collection_lines_payment_id ON collection_lines (payment_id);
