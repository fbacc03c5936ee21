-- The parts of a billing run: the rooms after after_key up to last_key (the last part: to the end), what was previewed for them, and its digest, against which the issue is held.
-- +goose Up
CREATE TABLE billing_batches (
  run_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seq INT NOT NULL,
  after_key VARCHAR(64) NOT NULL DEFAULT '',
  last_key VARCHAR(64) NOT NULL DEFAULT '',
  rooms INT NOT NULL,
  bills INT NOT NULL,
  principal_fen BIGINT NOT NULL,
  digest CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  issued TINYINT NOT NULL DEFAULT 0,
  PRIMARY KEY (run_id, seq),
  CONSTRAINT fk_billing_batches_run_id FOREIGN KEY (run_id) REFERENCES billing_runs (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
