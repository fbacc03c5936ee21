-- +goose Up

-- The file itself, sealed, in parts.
CREATE TABLE import_parts (
  import_id TEXT NOT NULL,
  part INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (import_id, part),
  CONSTRAINT fk_import_parts_import_id FOREIGN KEY (import_id) REFERENCES import_runs (id)
) STRICT;
