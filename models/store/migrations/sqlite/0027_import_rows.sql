-- +goose Up

-- The rows of the file as the preview shows them. Cells, mistakes and changes are sealed.
CREATE TABLE import_rows (
  import_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  sheet TEXT NOT NULL,
  number INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (import_id, seq),
  CONSTRAINT fk_import_rows_import_id FOREIGN KEY (import_id) REFERENCES import_runs (id),
  CONSTRAINT ck_import_rows_1 CHECK (outcome IN ('wrong','added','changed','unchanged','left_out'))
) STRICT;
CREATE INDEX ix_import_rows_import_id_outcome_seq ON import_rows (import_id, outcome, seq);
