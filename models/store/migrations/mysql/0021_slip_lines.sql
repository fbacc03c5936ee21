-- +goose Up

-- What a slip charges for: work, material, hours. amount_fen is quantity x price, rounded once.
CREATE TABLE IF NOT EXISTS slip_lines (
  slip_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seq INT NOT NULL,
  kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARCHAR(60) NOT NULL,
  quantity VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  unit VARCHAR(10) NOT NULL,
  price VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount_fen BIGINT NOT NULL,
  PRIMARY KEY (slip_id, seq),
  CONSTRAINT fk_slip_lines_slip_id FOREIGN KEY (slip_id) REFERENCES slips (id),
  CONSTRAINT ck_slip_lines_1 CHECK (kind IN ('service','part','labour','other')),
  CONSTRAINT ck_slip_lines_2 CHECK (amount_fen >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
