-- +goose Up

-- 建设单位: the owner record that holds the unsold rooms of a community and owes their bills.
CREATE TABLE developers (
  owner_id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  contact TEXT NOT NULL DEFAULT '',
  from_on TEXT NOT NULL DEFAULT '',
  made_kind TEXT NOT NULL,
  made_id TEXT NOT NULL DEFAULT '',
  made_name TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (owner_id),
  CONSTRAINT uq_developers_community_id UNIQUE (community_id),
  CONSTRAINT fk_developers_owner_id FOREIGN KEY (owner_id) REFERENCES owners (id),
  CONSTRAINT fk_developers_community_id FOREIGN KEY (community_id) REFERENCES communities (id)
) STRICT;
