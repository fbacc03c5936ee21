-- +goose Up

-- What an import has added and changed, sealed: by it the import can be taken back. Block 0 has what the second reading must know of the first.
CREATE TABLE import_blocks (
  import_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  block INT NOT NULL,
  rows_end INT NOT NULL,
  sealed MEDIUMBLOB NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (import_id, block),
  CONSTRAINT fk_import_blocks_import_id FOREIGN KEY (import_id) REFERENCES import_runs (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
