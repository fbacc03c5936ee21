-- +goose Up

-- Comparisons of the old system's bills of a period with ours. Nothing is booked by them.
CREATE TABLE shadow_runs (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  status VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  file_name VARCHAR(255) NOT NULL,
  sha256 CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  period_from CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  period_to CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  rows_read INT NOT NULL,
  rows_left_out INT NOT NULL,
  line_count INT NOT NULL,
  theirs_fen BIGINT NOT NULL,
  ours_fen BIGINT NOT NULL,
  at_community VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  at_room VARCHAR(64) NOT NULL DEFAULT '',
  rooms_total INT NOT NULL,
  rooms_done INT NOT NULL,
  made_kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  made_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  made_name VARCHAR(100) NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  done_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_shadow_runs_1 CHECK (status IN ('reading','comparing','done'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
