-- 收费标准: room_id names a single room and goes before a kind, which goes before all. due_after_days, when not 0, goes before due_day.
-- +goose Up
ALTER TABLE tariffs
  ADD COLUMN room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN cycle_start INT NOT NULL DEFAULT 1,
  ADD COLUMN due_after_days INT NOT NULL DEFAULT 0,
  ADD COLUMN vacant_share VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN unsold_share VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN discount_share VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN discount_until CHAR(5) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD UNIQUE KEY uq_tariffs_community_id_item_room_kind_room_id_from_on (community_id, item, room_kind, room_id, from_on),
  DROP INDEX uq_tariffs_community_id_item_room_kind_from_on,
  ADD CONSTRAINT ck_tariffs_5 CHECK (cycle_start BETWEEN 1 AND 12),
  ADD CONSTRAINT ck_tariffs_6 CHECK (due_after_days BETWEEN 0 AND 366),
  ADD CONSTRAINT ck_tariffs_7 CHECK (room_kind = '' OR room_id = '');
