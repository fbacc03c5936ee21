-- What staff should look at before a billing run is published. Some of each kind are kept; the run counts all.
-- +goose Up
CREATE TABLE billing_oddities (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  run_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  item VARCHAR(40) NOT NULL DEFAULT '',
  amount_fen BIGINT NOT NULL DEFAULT 0,
  usual_fen BIGINT NOT NULL DEFAULT 0,
  detail VARCHAR(200) NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  KEY ix_billing_oddities_run_id_kind (run_id, kind),
  CONSTRAINT fk_billing_oddities_run_id FOREIGN KEY (run_id) REFERENCES billing_runs (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
