-- 房产. code_key is the code in the one spelling that all spellings are looked up by. prepaid_fen is the balance 预存, moved only by relative updates.
-- +goose Up
CREATE TABLE rooms (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  code VARCHAR(64) NOT NULL,
  code_key VARCHAR(64) NOT NULL,
  building VARCHAR(40) NOT NULL DEFAULT '',
  unit VARCHAR(40) NOT NULL DEFAULT '',
  number VARCHAR(40) NOT NULL DEFAULT '',
  kind VARCHAR(40) NOT NULL DEFAULT '',
  area VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  price VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  cycle VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  handed_over_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  occupancy VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  steward VARCHAR(60) NOT NULL DEFAULT '',
  prepaid_fen BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_rooms_community_id_code_key (community_id, code_key),
  KEY ix_rooms_community_id_building (community_id, building),
  KEY ix_rooms_steward_community_id (steward, community_id),
  CONSTRAINT fk_rooms_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_rooms_1 CHECK (prepaid_fen >= 0),
  CONSTRAINT ck_rooms_2 CHECK (occupancy IN ('occupied','vacant','unsold'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
