-- +goose Up

-- 建设单位: the owner record that holds the unsold rooms of a community and owes their bills.
CREATE TABLE IF NOT EXISTS developers (
  owner_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  contact VARCHAR(100) NOT NULL DEFAULT '',
  from_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  made_kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  made_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  made_name VARCHAR(100) NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (owner_id),
  UNIQUE KEY uq_developers_community_id (community_id),
  CONSTRAINT fk_developers_owner_id FOREIGN KEY (owner_id) REFERENCES owners (id),
  CONSTRAINT fk_developers_community_id FOREIGN KEY (community_id) REFERENCES communities (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
