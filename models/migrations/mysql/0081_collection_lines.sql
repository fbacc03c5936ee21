-- What a batch asks of one account: the bills of one room. number is its place in the file, by which the bank answers.
-- +goose Up
CREATE TABLE collection_lines (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  batch_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  number INT NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  mandate_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount_fen BIGINT NOT NULL,
  status VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason VARCHAR(200) NOT NULL DEFAULT '',
  payment_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_collection_lines_batch_id_number (batch_id, number),
  KEY ix_collection_lines_room_id (room_id),
  KEY ix_collection_lines_payment_id (payment_id),
  CONSTRAINT fk_collection_lines_batch_id FOREIGN KEY (batch_id) REFERENCES collection_batches (id),
  CONSTRAINT fk_collection_lines_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT fk_collection_lines_mandate_id FOREIGN KEY (mandate_id) REFERENCES bank_mandates (id),
  CONSTRAINT ck_collection_lines_1 CHECK (status IN ('waiting','paid','failed','cancelled')),
  CONSTRAINT ck_collection_lines_2 CHECK (amount_fen > 0),
  CONSTRAINT ck_collection_lines_3 CHECK ((status = 'paid') = (payment_id <> '')),
  CONSTRAINT ck_collection_lines_4 CHECK (status <> 'failed' OR reason <> '')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
