-- +goose Up

-- 收费标准: how much, for which rooms, from when to when. room_id names a single room and goes before a kind, which goes
-- before all. due_after_days, when not 0, goes before due_day.
CREATE TABLE IF NOT EXISTS tariffs (
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
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  cycle_start INT NOT NULL DEFAULT 1,
  due_after_days INT NOT NULL DEFAULT 0,
  vacant_share VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  unsold_share VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  discount_share VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  discount_until CHAR(5) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  UNIQUE KEY uq_tariffs_community_id_item_room_kind_room_id_from_on (community_id, item, room_kind, room_id, from_on),
  CONSTRAINT fk_tariffs_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_tariffs_1 CHECK (method IN ('area','fixed','meter','shared','one_off')),
  CONSTRAINT ck_tariffs_2 CHECK (cycle IN ('month','quarter','half_year','year')),
  CONSTRAINT ck_tariffs_3 CHECK (due_day BETWEEN 1 AND 31),
  CONSTRAINT ck_tariffs_4 CHECK (grace_days >= 0),
  CONSTRAINT ck_tariffs_5 CHECK (cycle_start BETWEEN 1 AND 12),
  CONSTRAINT ck_tariffs_6 CHECK (due_after_days BETWEEN 0 AND 366),
  CONSTRAINT ck_tariffs_7 CHECK (room_kind = '' OR room_id = '')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A meter of a room. digits is how many it shows before the point (0: not known; only then can it not roll over). A
-- meter that was replaced ends on removed_on, and the one in its place names it in replaces.
CREATE TABLE IF NOT EXISTS meters (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  item VARCHAR(40) NOT NULL,
  serial VARCHAR(64) NOT NULL,
  multiplier VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at BIGINT NOT NULL,
  digits INT NOT NULL DEFAULT 0,
  installed_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  removed_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  replaces CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  UNIQUE KEY uq_meters_room_id_item_serial (room_id, item, serial),
  CONSTRAINT fk_meters_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_meters_1 CHECK (digits BETWEEN 0 AND 9)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A multiplier that a meter had until a day, that day included. The one it has now stands in meters.
CREATE TABLE IF NOT EXISTS meter_multipliers (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  meter_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  until_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  multiplier VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason VARCHAR(200) NOT NULL,
  by_name VARCHAR(60) NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_meter_multipliers_meter_id_until_on (meter_id, until_on),
  CONSTRAINT fk_meter_multipliers_meter_id FOREIGN KEY (meter_id) REFERENCES meters (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A reading of a meter; the usage is value less previous, plus rolled times what the digits of the meter count to,
-- times the multiplier. A first reading without a previous one is a base and never usage. An estimated one is settled
-- by the next that is not.
CREATE TABLE IF NOT EXISTS readings (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  meter_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  read_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  previous VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  value VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at BIGINT NOT NULL,
  multiplier VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '1',
  rolled INT NOT NULL DEFAULT 0,
  estimated TINYINT NOT NULL DEFAULT 0,
  note VARCHAR(200) NOT NULL DEFAULT '',
  by_name VARCHAR(60) NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  UNIQUE KEY uq_readings_meter_id_read_on (meter_id, read_on),
  CONSTRAINT fk_readings_meter_id FOREIGN KEY (meter_id) REFERENCES meters (id),
  CONSTRAINT ck_readings_1 CHECK (rolled IN (-1,0,1)),
  CONSTRAINT ck_readings_2 CHECK (previous <> '' OR rolled = 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What a reading counted, and where it went: into a bill (bill_id), or, where an estimate had been too high, into a
-- credit that waits for later usage (waiting 1). Neither: there was nothing to bill.
CREATE TABLE IF NOT EXISTS meter_usages (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reading_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  item VARCHAR(40) NOT NULL,
  period_start CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  quantity VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  bill_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  waiting TINYINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_meter_usages_reading_id_bill_id (reading_id, bill_id),
  KEY ix_meter_usages_room_id_item (room_id, item),
  KEY ix_meter_usages_bill_id (bill_id),
  CONSTRAINT fk_meter_usages_reading_id FOREIGN KEY (reading_id) REFERENCES readings (id),
  CONSTRAINT ck_meter_usages_1 CHECK (waiting = 0 OR bill_id = '')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
