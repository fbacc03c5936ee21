-- +goose Up

-- What a slip charges for: work, material, hours. amount_fen is quantity x price, rounded once.
CREATE TABLE slip_lines (
  slip_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  quantity TEXT NOT NULL,
  unit TEXT NOT NULL,
  price TEXT NOT NULL,
  amount_fen INTEGER NOT NULL,
  PRIMARY KEY (slip_id, seq),
  CONSTRAINT fk_slip_lines_slip_id FOREIGN KEY (slip_id) REFERENCES slips (id),
  CONSTRAINT ck_slip_lines_1 CHECK (kind IN ('service','part','labour','other')),
  CONSTRAINT ck_slip_lines_2 CHECK (amount_fen >= 0)
) STRICT;
