-- +goose Up

-- The payments of a group, one a room, in the order of the rooms. A payment is in one group at most.
CREATE TABLE desk_group_payments (
  payment_id TEXT NOT NULL,
  group_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (payment_id),
  CONSTRAINT uq_desk_group_payments_group_id_seq UNIQUE (group_id, seq),
  CONSTRAINT fk_desk_group_payments_group_id FOREIGN KEY (group_id) REFERENCES desk_groups (id),
  CONSTRAINT fk_desk_group_payments_payment_id FOREIGN KEY (payment_id) REFERENCES desk_entries (payment_id)
) STRICT;
