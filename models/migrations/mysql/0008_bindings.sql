-- Which rooms a user may see and pay for.
-- +goose Up
CREATE TABLE bindings (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  role VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  source VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_bindings_user_id_room_id (user_id, room_id),
  KEY ix_bindings_room_id (room_id),
  CONSTRAINT fk_bindings_user_id FOREIGN KEY (user_id) REFERENCES users (id),
  CONSTRAINT fk_bindings_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_bindings_1 CHECK (role IN ('owner','family','tenant','payer'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
