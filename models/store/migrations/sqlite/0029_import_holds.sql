-- +goose Up

-- Communities that an import is writing to: meanwhile nothing else takes their lock.
CREATE TABLE import_holds (
  community_id TEXT NOT NULL,
  import_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (community_id),
  CONSTRAINT fk_import_holds_import_id FOREIGN KEY (import_id) REFERENCES import_runs (id)
) STRICT;
CREATE INDEX ix_import_holds_import_id ON import_holds (import_id);
