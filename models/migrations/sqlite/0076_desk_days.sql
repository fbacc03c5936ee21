-- A day of a cashier and channel in a community: open, or closed 日结 with what was counted against what was booked. Every entry and reversal locks its row first.
-- +goose Up
CREATE TABLE desk_days (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  staff_id TEXT NOT NULL,
  staff_name TEXT NOT NULL DEFAULT '',
  channel TEXT NOT NULL,
  day_on TEXT NOT NULL,
  status TEXT NOT NULL,
  booked_count INTEGER NOT NULL DEFAULT 0,
  booked_fen INTEGER NOT NULL DEFAULT 0,
  reversed_count INTEGER NOT NULL DEFAULT 0,
  reversed_fen INTEGER NOT NULL DEFAULT 0,
  counted_fen INTEGER NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '',
  closed_id TEXT NOT NULL DEFAULT '',
  closed_name TEXT NOT NULL DEFAULT '',
  closed_at INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_desk_days_community_id_staff_id_channel_day_on UNIQUE (community_id, staff_id, channel, day_on),
  CONSTRAINT fk_desk_days_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_desk_days_1 CHECK (status IN ('open','closed')),
  CONSTRAINT ck_desk_days_2 CHECK (booked_fen >= 0),
  CONSTRAINT ck_desk_days_3 CHECK (reversed_fen >= 0),
  CONSTRAINT ck_desk_days_4 CHECK (status = 'open' OR counted_fen = booked_fen - reversed_fen OR reason <> ''),
  CONSTRAINT ck_desk_days_5 CHECK (status = 'open' OR closed_at > 0)
) STRICT;
CREATE INDEX ix_desk_days_day_on_community_id ON desk_days (day_on, community_id);
