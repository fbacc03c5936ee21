-- 空置: days on which a room is approved as empty, for which the owner pays a share. Who asks never approves.
-- +goose Up
CREATE TABLE vacancies (
  id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL,
  asked_kind TEXT NOT NULL DEFAULT '',
  asked_id TEXT NOT NULL DEFAULT '',
  asked_name TEXT NOT NULL DEFAULT '',
  decided_kind TEXT NOT NULL DEFAULT '',
  decided_id TEXT NOT NULL DEFAULT '',
  decided_name TEXT NOT NULL DEFAULT '',
  decided_at INTEGER NOT NULL DEFAULT 0,
  note TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT fk_vacancies_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_vacancies_1 CHECK (status IN ('requested','approved','refused'))
) STRICT;
CREATE INDEX ix_vacancies_room_id_from_on ON vacancies (room_id, from_on);
CREATE INDEX ix_vacancies_status_created_at ON vacancies (status, created_at);
