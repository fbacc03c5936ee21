-- +goose Up

-- What an import has added and changed, sealed: by it the import can be taken back. Block 0 has what the second reading must know of the first.
CREATE TABLE import_blocks (
  import_id TEXT NOT NULL,
  block INTEGER NOT NULL,
  rows_end INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (import_id, block),
  CONSTRAINT fk_import_blocks_import_id FOREIGN KEY (import_id) REFERENCES import_runs (id)
) STRICT;
