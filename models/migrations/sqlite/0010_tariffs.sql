-- 收费标准: how much, for which rooms, from when to when.
-- +goose Up
CREATE TABLE tariffs (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  item TEXT NOT NULL,
  room_kind TEXT NOT NULL DEFAULT '',
  method TEXT NOT NULL,
  price TEXT NOT NULL DEFAULT '',
  tiers TEXT NOT NULL DEFAULT '',
  cycle TEXT NOT NULL,
  due_day INTEGER NOT NULL,
  late_rate TEXT NOT NULL,
  grace_days INTEGER NOT NULL,
  late_cap TEXT NOT NULL DEFAULT '',
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_tariffs_community_id_item_room_kind_from_on UNIQUE (community_id, item, room_kind, from_on),
  CONSTRAINT fk_tariffs_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_tariffs_1 CHECK (method IN ('area','fixed','meter','shared','one_off')),
  CONSTRAINT ck_tariffs_2 CHECK (cycle IN ('month','quarter','half_year','year')),
  CONSTRAINT ck_tariffs_3 CHECK (due_day BETWEEN 1 AND 31),
  CONSTRAINT ck_tariffs_4 CHECK (grace_days >= 0)
) STRICT;
