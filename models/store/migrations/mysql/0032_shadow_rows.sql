-- +goose Up

-- Rows of the old system's file until they are compared.
CREATE TABLE shadow_rows (
  run_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  place INT NOT NULL,
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sheet VARCHAR(100) NOT NULL,
  row_no INT NOT NULL,
  item VARCHAR(40) NOT NULL,
  from_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  to_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount_fen BIGINT NOT NULL,
  area VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  price VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  quantity VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  has_late INT NOT NULL DEFAULT 0,
  PRIMARY KEY (run_id, room_id, place)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
