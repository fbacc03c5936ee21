-- A room's part in a charge, and the id that its bill has; none where the part is 0. The parts add up to the total.
-- +goose Up
CREATE TABLE charge_lines (
  charge_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  room_id TEXT NOT NULL,
  weight TEXT NOT NULL DEFAULT '',
  amount_fen INTEGER NOT NULL,
  bill_id TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (charge_id, seq),
  CONSTRAINT uq_charge_lines_charge_id_room_id UNIQUE (charge_id, room_id),
  CONSTRAINT fk_charge_lines_charge_id FOREIGN KEY (charge_id) REFERENCES charges (id),
  CONSTRAINT fk_charge_lines_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_charge_lines_1 CHECK (amount_fen >= 0)
) STRICT;
