-- The parts of a billing run: the rooms after after_key up to last_key (the last part: to the end), what was previewed for them, and its digest, against which the issue is held.
-- +goose Up
CREATE TABLE billing_batches (
  run_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  after_key TEXT NOT NULL DEFAULT '',
  last_key TEXT NOT NULL DEFAULT '',
  rooms INTEGER NOT NULL,
  bills INTEGER NOT NULL,
  principal_fen INTEGER NOT NULL,
  digest TEXT NOT NULL,
  issued INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (run_id, seq),
  CONSTRAINT fk_billing_batches_run_id FOREIGN KEY (run_id) REFERENCES billing_runs (id)
) STRICT;
