-- A batch of bank collection 托收: what is due by a day, frozen into lines, sent to the bank as a file, and answered by one. answer_sha256 is the answer that was taken in.
-- +goose Up
CREATE TABLE collection_batches (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  number TEXT NOT NULL,
  due_by TEXT NOT NULL,
  status TEXT NOT NULL,
  line_count INTEGER NOT NULL DEFAULT 0,
  amount_fen INTEGER NOT NULL DEFAULT 0,
  paid_count INTEGER NOT NULL DEFAULT 0,
  paid_fen INTEGER NOT NULL DEFAULT 0,
  failed_count INTEGER NOT NULL DEFAULT 0,
  failed_fen INTEGER NOT NULL DEFAULT 0,
  collected_on TEXT NOT NULL DEFAULT '',
  answer_sha256 TEXT NOT NULL DEFAULT '',
  made_name TEXT NOT NULL DEFAULT '',
  exported_name TEXT NOT NULL DEFAULT '',
  answered_name TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  exported_at INTEGER NOT NULL DEFAULT 0,
  answered_at INTEGER NOT NULL DEFAULT 0,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_collection_batches_community_id_number UNIQUE (community_id, number),
  CONSTRAINT fk_collection_batches_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_collection_batches_1 CHECK (status IN ('made','sent','answered','cancelled')),
  CONSTRAINT ck_collection_batches_2 CHECK (amount_fen >= 0)
) STRICT;
CREATE INDEX ix_collection_batches_community_id_created_at ON collection_batches (community_id, created_at);
