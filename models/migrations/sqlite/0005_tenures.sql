-- Who holds a room, from when to when (empty to_on: still).
-- +goose Up
CREATE TABLE tenures (
  id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  owner_id TEXT NOT NULL,
  role TEXT NOT NULL,
  from_on TEXT NOT NULL DEFAULT '',
  to_on TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_tenures_room_id_owner_id_role_from_on UNIQUE (room_id, owner_id, role, from_on),
  CONSTRAINT fk_tenures_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT fk_tenures_owner_id FOREIGN KEY (owner_id) REFERENCES owners (id),
  CONSTRAINT ck_tenures_1 CHECK (role IN ('owner','tenant'))
) STRICT;
CREATE INDEX ix_tenures_owner_id ON tenures (owner_id);
