-- +goose Up

-- The payments of a group, one a room, in the order of the rooms. A payment is in one group at most.
CREATE TABLE IF NOT EXISTS desk_group_payments (
  payment_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  group_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seq INT NOT NULL,
  PRIMARY KEY (payment_id),
  UNIQUE KEY uq_desk_group_payments_group_id_seq (group_id, seq),
  CONSTRAINT fk_desk_group_payments_group_id FOREIGN KEY (group_id) REFERENCES desk_groups (id),
  CONSTRAINT fk_desk_group_payments_payment_id FOREIGN KEY (payment_id) REFERENCES desk_entries (payment_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
