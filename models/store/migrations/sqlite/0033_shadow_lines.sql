-- +goose Up

-- What came of the comparison: a room, an item and the days that both sides are held over.
CREATE TABLE shadow_lines (
  run_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  community TEXT NOT NULL DEFAULT '',
  room_id TEXT NOT NULL DEFAULT '',
  room_code TEXT NOT NULL DEFAULT '',
  item TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  their_rows INTEGER NOT NULL,
  sheet TEXT NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 0,
  our_bills INTEGER NOT NULL,
  issued_bills INTEGER NOT NULL,
  theirs_fen INTEGER NOT NULL,
  ours_fen INTEGER NOT NULL,
  diff_fen INTEGER NOT NULL,
  cause TEXT NOT NULL,
  explanation TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (run_id, seq),
  CONSTRAINT ck_shadow_lines_1 CHECK (diff_fen = theirs_fen - ours_fen),
  CONSTRAINT ck_shadow_lines_2 CHECK (cause IN ('equal','cycle','area','price','usage','rounding','first','vacancy','late_fee','twice',
    'missing','extra','unknown')),
  CONSTRAINT ck_shadow_lines_3 CHECK (their_rows >= 0 AND our_bills >= issued_bills AND (cause <> 'equal' OR diff_fen = 0))
) STRICT;
