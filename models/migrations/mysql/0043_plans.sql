-- 分期: bills of a room paid in parts. frozen: no late fee accrues on them while the plan is kept. It is broken when a part is still unpaid break_days after its date, and kept when everything is paid.
-- +goose Up
CREATE TABLE plans (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  request_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  status VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  total_fen BIGINT NOT NULL,
  frozen TINYINT NOT NULL,
  break_days INT NOT NULL,
  made_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ended_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_plans_request_id (request_id),
  KEY ix_plans_room_id_status (room_id, status),
  KEY ix_plans_status_id (status, id),
  CONSTRAINT fk_plans_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_plans_1 CHECK (status IN ('active','kept','broken')),
  CONSTRAINT ck_plans_2 CHECK (total_fen > 0),
  CONSTRAINT ck_plans_3 CHECK (break_days BETWEEN 0 AND 90),
  CONSTRAINT ck_plans_4 CHECK ((status = 'active') = (ended_on = ''))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
