-- Which merchant a community's fee item is paid to; item empty: every item that has no line of its own.
-- +goose Up
CREATE TABLE merchant_rules (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  item VARCHAR(100) NOT NULL DEFAULT '',
  merchant VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_merchant_rules_community_id_item (community_id, item),
  CONSTRAINT fk_merchant_rules_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_merchant_rules_1 CHECK (merchant <> '')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
