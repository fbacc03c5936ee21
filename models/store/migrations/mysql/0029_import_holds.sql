-- +goose Up

-- Communities that an import is writing to: meanwhile nothing else takes their lock.
CREATE TABLE import_holds (
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  import_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (community_id),
  KEY ix_import_holds_import_id (import_id),
  CONSTRAINT fk_import_holds_import_id FOREIGN KEY (import_id) REFERENCES import_runs (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
