-- 小区. Its default late-fee rule serves bills without a tariff of their own.
-- +goose Up
CREATE TABLE communities (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARCHAR(100) NOT NULL,
  late_rate VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  grace_days INT NOT NULL,
  late_cap VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  settlement VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  merchant VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_communities_name (name),
  CONSTRAINT ck_communities_1 CHECK (settlement IN ('late_fee_first','principal_first')),
  CONSTRAINT ck_communities_2 CHECK (grace_days >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
