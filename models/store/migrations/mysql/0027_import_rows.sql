-- +goose Up

-- The rows of the file as the preview shows them. Cells, mistakes and changes are sealed.
CREATE TABLE import_rows (
  import_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seq INT NOT NULL,
  sheet VARCHAR(255) NOT NULL,
  number INT NOT NULL,
  outcome VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sealed MEDIUMBLOB NOT NULL,
  PRIMARY KEY (import_id, seq),
  KEY ix_import_rows_import_id_outcome_seq (import_id, outcome, seq),
  CONSTRAINT fk_import_rows_import_id FOREIGN KEY (import_id) REFERENCES import_runs (id),
  CONSTRAINT ck_import_rows_1 CHECK (outcome IN ('wrong','added','changed','unchanged','left_out'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
