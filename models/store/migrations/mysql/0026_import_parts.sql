-- +goose Up

-- The file itself, sealed, in parts.
CREATE TABLE import_parts (
  import_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  part INT NOT NULL,
  sealed MEDIUMBLOB NOT NULL,
  PRIMARY KEY (import_id, part),
  CONSTRAINT fk_import_parts_import_id FOREIGN KEY (import_id) REFERENCES import_runs (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
