-- Who holds a room, from when to when (empty to_on: still).
-- +goose Up
CREATE TABLE tenures (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  owner_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  role VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  from_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  to_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_tenures_room_id_owner_id_role_from_on (room_id, owner_id, role, from_on),
  KEY ix_tenures_owner_id (owner_id),
  CONSTRAINT fk_tenures_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT fk_tenures_owner_id FOREIGN KEY (owner_id) REFERENCES owners (id),
  CONSTRAINT ck_tenures_1 CHECK (role IN ('owner','tenant'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
