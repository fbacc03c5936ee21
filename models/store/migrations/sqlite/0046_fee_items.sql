-- +goose Up

-- The fee items of a community: item is the spelling that is kept and shown, item_key the one that all its spellings
-- share. What names an item in any other table names it as it stands here.
CREATE TABLE fee_items (
  community_id TEXT NOT NULL,
  item_key TEXT NOT NULL,
  item TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (community_id, item_key),
  CONSTRAINT uq_fee_items_community_id_item UNIQUE (community_id, item),
  CONSTRAINT fk_fee_items_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_fee_items_1 CHECK (item_key <> '' AND item <> '')
) STRICT;
