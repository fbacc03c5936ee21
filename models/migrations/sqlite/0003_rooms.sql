-- 房产. code_key is the code in the one spelling that all spellings are looked up by. prepaid_fen is the balance 预存, moved only by relative updates.
-- +goose Up
CREATE TABLE rooms (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  code TEXT NOT NULL,
  code_key TEXT NOT NULL,
  building TEXT NOT NULL DEFAULT '',
  unit TEXT NOT NULL DEFAULT '',
  number TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL DEFAULT '',
  area TEXT NOT NULL DEFAULT '',
  price TEXT NOT NULL DEFAULT '',
  cycle TEXT NOT NULL DEFAULT '',
  handed_over_on TEXT NOT NULL DEFAULT '',
  occupancy TEXT NOT NULL,
  steward TEXT NOT NULL DEFAULT '',
  prepaid_fen INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_rooms_community_id_code_key UNIQUE (community_id, code_key),
  CONSTRAINT fk_rooms_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_rooms_1 CHECK (prepaid_fen >= 0),
  CONSTRAINT ck_rooms_2 CHECK (occupancy IN ('occupied','vacant','unsold'))
) STRICT;
CREATE INDEX ix_rooms_community_id_building ON rooms (community_id, building);
CREATE INDEX ix_rooms_steward_community_id ON rooms (steward, community_id);
