-- What staff should look at before a billing run is published. Some of each kind are kept; the run counts all.
-- +goose Up
CREATE TABLE billing_oddities (
  id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  room_id TEXT NOT NULL,
  item TEXT NOT NULL DEFAULT '',
  amount_fen INTEGER NOT NULL DEFAULT 0,
  usual_fen INTEGER NOT NULL DEFAULT 0,
  detail TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  CONSTRAINT fk_billing_oddities_run_id FOREIGN KEY (run_id) REFERENCES billing_runs (id)
) STRICT;
CREATE INDEX ix_billing_oddities_run_id_kind ON billing_oddities (run_id, kind);
