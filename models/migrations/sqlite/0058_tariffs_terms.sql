-- 收费标准: room_id names a single room and goes before a kind, which goes before all. due_after_days, when not 0, goes before due_day. A new table with the rows of the old one, since SQLite cannot change a UNIQUE.
-- +goose Up
CREATE TABLE tariffs_new (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  item TEXT NOT NULL,
  room_kind TEXT NOT NULL DEFAULT '',
  room_id TEXT NOT NULL DEFAULT '',
  method TEXT NOT NULL,
  price TEXT NOT NULL DEFAULT '',
  tiers TEXT NOT NULL DEFAULT '',
  cycle TEXT NOT NULL,
  cycle_start INTEGER NOT NULL DEFAULT 1,
  due_day INTEGER NOT NULL,
  due_after_days INTEGER NOT NULL DEFAULT 0,
  late_rate TEXT NOT NULL,
  grace_days INTEGER NOT NULL,
  late_cap TEXT NOT NULL DEFAULT '',
  vacant_share TEXT NOT NULL DEFAULT '',
  unsold_share TEXT NOT NULL DEFAULT '',
  discount_share TEXT NOT NULL DEFAULT '',
  discount_until TEXT NOT NULL DEFAULT '',
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_tariffs_community_id_item_room_kind_room_id_from_on UNIQUE (community_id, item, room_kind, room_id, from_on),
  CONSTRAINT fk_tariffs_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_tariffs_1 CHECK (method IN ('area','fixed','meter','shared','one_off')),
  CONSTRAINT ck_tariffs_2 CHECK (cycle IN ('month','quarter','half_year','year')),
  CONSTRAINT ck_tariffs_3 CHECK (due_day BETWEEN 1 AND 31),
  CONSTRAINT ck_tariffs_4 CHECK (grace_days >= 0),
  CONSTRAINT ck_tariffs_5 CHECK (cycle_start BETWEEN 1 AND 12),
  CONSTRAINT ck_tariffs_6 CHECK (due_after_days BETWEEN 0 AND 366),
  CONSTRAINT ck_tariffs_7 CHECK (room_kind = '' OR room_id = '')
) STRICT;
INSERT INTO tariffs_new (id, community_id, item, room_kind, method, price, tiers, cycle, due_day, late_rate, grace_days, late_cap, from_on, to_on, created_at, updated_at)
SELECT id, community_id, item, room_kind, method, price, tiers, cycle, due_day, late_rate, grace_days, late_cap, from_on, to_on, created_at, updated_at FROM tariffs;
DROP TABLE tariffs;
ALTER TABLE tariffs_new RENAME TO tariffs;
