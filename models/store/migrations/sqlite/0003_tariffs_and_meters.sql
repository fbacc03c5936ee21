-- +goose Up

-- 收费标准: how much, for which rooms, from when to when. room_id names a single room and goes before a kind, which goes
-- before all. due_after_days, when not 0, goes before due_day.
CREATE TABLE tariffs (
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

-- A meter of a room. digits is how many it shows before the point (0: not known; only then can it not roll over). A
-- meter that was replaced ends on removed_on, and the one in its place names it in replaces.
CREATE TABLE meters (
  id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  item TEXT NOT NULL,
  serial TEXT NOT NULL,
  multiplier TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  digits INTEGER NOT NULL DEFAULT 0,
  installed_on TEXT NOT NULL DEFAULT '',
  removed_on TEXT NOT NULL DEFAULT '',
  replaces TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  CONSTRAINT uq_meters_room_id_item_serial UNIQUE (room_id, item, serial),
  CONSTRAINT fk_meters_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_meters_1 CHECK (digits BETWEEN 0 AND 9)
) STRICT;

-- A multiplier that a meter had until a day, that day included. The one it has now stands in meters.
CREATE TABLE meter_multipliers (
  id TEXT NOT NULL,
  meter_id TEXT NOT NULL,
  until_on TEXT NOT NULL,
  multiplier TEXT NOT NULL,
  reason TEXT NOT NULL,
  by_name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_meter_multipliers_meter_id_until_on UNIQUE (meter_id, until_on),
  CONSTRAINT fk_meter_multipliers_meter_id FOREIGN KEY (meter_id) REFERENCES meters (id)
) STRICT;

-- A reading of a meter; the usage is value less previous, plus rolled times what the digits of the meter count to,
-- times the multiplier. A first reading without a previous one is a base and never usage. An estimated one is settled
-- by the next that is not.
CREATE TABLE readings (
  id TEXT NOT NULL,
  meter_id TEXT NOT NULL,
  read_on TEXT NOT NULL,
  previous TEXT NOT NULL DEFAULT '',
  value TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  multiplier TEXT NOT NULL DEFAULT '1',
  rolled INTEGER NOT NULL DEFAULT 0,
  estimated INTEGER NOT NULL DEFAULT 0,
  note TEXT NOT NULL DEFAULT '',
  by_name TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  CONSTRAINT uq_readings_meter_id_read_on UNIQUE (meter_id, read_on),
  CONSTRAINT fk_readings_meter_id FOREIGN KEY (meter_id) REFERENCES meters (id),
  CONSTRAINT ck_readings_1 CHECK (rolled IN (-1,0,1)),
  CONSTRAINT ck_readings_2 CHECK (previous <> '' OR rolled = 0)
) STRICT;

-- What a reading counted, and where it went: into a bill (bill_id), or, where an estimate had been too high, into a
-- credit that waits for later usage (waiting 1). Neither: there was nothing to bill.
CREATE TABLE meter_usages (
  id TEXT NOT NULL,
  reading_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  item TEXT NOT NULL,
  period_start TEXT NOT NULL,
  quantity TEXT NOT NULL,
  bill_id TEXT NOT NULL DEFAULT '',
  waiting INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_meter_usages_reading_id_bill_id UNIQUE (reading_id, bill_id),
  CONSTRAINT fk_meter_usages_reading_id FOREIGN KEY (reading_id) REFERENCES readings (id),
  CONSTRAINT ck_meter_usages_1 CHECK (waiting = 0 OR bill_id = '')
) STRICT;
CREATE INDEX ix_meter_usages_room_id_item ON meter_usages (room_id, item);
CREATE INDEX ix_meter_usages_bill_id ON meter_usages (bill_id);
