-- 空置: days on which a room is approved as empty, for which the owner pays a share. Who asks never approves.
-- +goose Up
CREATE TABLE vacancies (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  from_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  to_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason VARCHAR(200) NOT NULL DEFAULT '',
  status VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  asked_kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  asked_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  asked_name VARCHAR(100) NOT NULL DEFAULT '',
  decided_kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  decided_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  decided_name VARCHAR(100) NOT NULL DEFAULT '',
  decided_at BIGINT NOT NULL DEFAULT 0,
  note VARCHAR(200) NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_vacancies_room_id_from_on (room_id, from_on),
  KEY ix_vacancies_status_created_at (status, created_at),
  CONSTRAINT fk_vacancies_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_vacancies_1 CHECK (status IN ('requested','approved','refused'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
