-- +goose Up

-- Comparisons of the old system's bills of a period with ours. Nothing is booked by them.
CREATE TABLE shadow_runs (
  id TEXT NOT NULL,
  status TEXT NOT NULL,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  period_from TEXT NOT NULL,
  period_to TEXT NOT NULL,
  rows_read INTEGER NOT NULL,
  rows_left_out INTEGER NOT NULL,
  line_count INTEGER NOT NULL,
  theirs_fen INTEGER NOT NULL,
  ours_fen INTEGER NOT NULL,
  at_community TEXT NOT NULL DEFAULT '',
  at_room TEXT NOT NULL DEFAULT '',
  rooms_total INTEGER NOT NULL,
  rooms_done INTEGER NOT NULL,
  made_kind TEXT NOT NULL,
  made_id TEXT NOT NULL DEFAULT '',
  made_name TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  done_at INTEGER NOT NULL DEFAULT 0,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_shadow_runs_1 CHECK (status IN ('reading','comparing','done'))
) STRICT;
