-- 收费标准: how much, for which rooms, from when to when.
-- +goose Up
CREATE TABLE tariffs (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  item VARCHAR(40) NOT NULL,
  room_kind VARCHAR(40) NOT NULL DEFAULT '',
  method VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  price VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  tiers VARCHAR(500) NOT NULL DEFAULT '',
  cycle VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  due_day INT NOT NULL,
  late_rate VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  grace_days INT NOT NULL,
  late_cap VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  from_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  to_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_tariffs_community_id_item_room_kind_from_on (community_id, item, room_kind, from_on),
  CONSTRAINT fk_tariffs_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_tariffs_1 CHECK (method IN ('area','fixed','meter','shared','one_off')),
  CONSTRAINT ck_tariffs_2 CHECK (cycle IN ('month','quarter','half_year','year')),
  CONSTRAINT ck_tariffs_3 CHECK (due_day BETWEEN 1 AND 31),
  CONSTRAINT ck_tariffs_4 CHECK (grace_days >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
