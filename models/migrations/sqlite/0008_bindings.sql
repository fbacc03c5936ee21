-- Which rooms a user may see and pay for.
-- +goose Up
CREATE TABLE bindings (
  id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  role TEXT NOT NULL,
  source TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_bindings_user_id_room_id UNIQUE (user_id, room_id),
  CONSTRAINT fk_bindings_user_id FOREIGN KEY (user_id) REFERENCES users (id),
  CONSTRAINT fk_bindings_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_bindings_1 CHECK (role IN ('owner','family','tenant','payer'))
) STRICT;
CREATE INDEX ix_bindings_room_id ON bindings (room_id);
