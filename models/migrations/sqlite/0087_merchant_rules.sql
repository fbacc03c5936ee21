-- Which merchant a community's fee item is paid to; item empty: every item that has no line of its own.
-- +goose Up
CREATE TABLE merchant_rules (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  item TEXT NOT NULL DEFAULT '',
  merchant TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_merchant_rules_community_id_item UNIQUE (community_id, item),
  CONSTRAINT fk_merchant_rules_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_merchant_rules_1 CHECK (merchant <> '')
) STRICT;
