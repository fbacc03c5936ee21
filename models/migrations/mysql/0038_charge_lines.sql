-- A room's part in a charge, and the id that its bill has; none where the part is 0. The parts add up to the total.
-- +goose Up
CREATE TABLE charge_lines (
  charge_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seq INT NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  weight VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  amount_fen BIGINT NOT NULL,
  bill_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  PRIMARY KEY (charge_id, seq),
  UNIQUE KEY uq_charge_lines_charge_id_room_id (charge_id, room_id),
  CONSTRAINT fk_charge_lines_charge_id FOREIGN KEY (charge_id) REFERENCES charges (id),
  CONSTRAINT fk_charge_lines_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_charge_lines_1 CHECK (amount_fen >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
