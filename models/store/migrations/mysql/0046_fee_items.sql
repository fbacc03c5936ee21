-- +goose Up

-- The fee items of a community: item is the spelling that is kept and shown, item_key the one that all its spellings
-- share. What names an item in any other table names it as it stands here.
CREATE TABLE fee_items (
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  item_key VARCHAR(255) NOT NULL,
  item VARCHAR(40) NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (community_id, item_key),
  UNIQUE KEY uq_fee_items_community_id_item (community_id, item),
  CONSTRAINT fk_fee_items_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_fee_items_1 CHECK (item_key <> '' AND item <> '')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
