-- +goose Up

-- What came of the comparison: a room, an item and the days that both sides are held over.
CREATE TABLE shadow_lines (
  run_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seq INT NOT NULL,
  community VARCHAR(100) NOT NULL DEFAULT '',
  room_id VARCHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  room_code VARCHAR(64) NOT NULL DEFAULT '',
  item VARCHAR(40) NOT NULL,
  from_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  to_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  their_rows INT NOT NULL,
  sheet VARCHAR(100) NOT NULL DEFAULT '',
  row_no INT NOT NULL DEFAULT 0,
  our_bills INT NOT NULL,
  issued_bills INT NOT NULL,
  theirs_fen BIGINT NOT NULL,
  ours_fen BIGINT NOT NULL,
  diff_fen BIGINT NOT NULL,
  cause VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  explanation VARCHAR(400) NOT NULL DEFAULT '',
  PRIMARY KEY (run_id, seq),
  CONSTRAINT ck_shadow_lines_1 CHECK (diff_fen = theirs_fen - ours_fen),
  CONSTRAINT ck_shadow_lines_2 CHECK (cause IN ('equal','cycle','area','price','usage','rounding','first','vacancy','late_fee','twice',
    'missing','extra','unknown')),
  CONSTRAINT ck_shadow_lines_3 CHECK (their_rows >= 0 AND our_bills >= issued_bills AND (cause <> 'equal' OR diff_fen = 0))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
