-- 账单: one room x fee item x period, alive at most once (void_seq 0). The late-fee rule is frozen at issue. owner_id is who owes it, batch_id what issued it: a billing run or a charge.
-- +goose Up
CREATE TABLE bills (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  owner_id TEXT NOT NULL DEFAULT '',
  item TEXT NOT NULL,
  period_start TEXT NOT NULL,
  period_end TEXT NOT NULL,
  issued_on TEXT NOT NULL,
  due_on TEXT NOT NULL,
  status TEXT NOT NULL,
  principal_fen INTEGER NOT NULL,
  discount_fen INTEGER NOT NULL DEFAULT 0,
  opening_paid_fen INTEGER NOT NULL DEFAULT 0,
  paid_principal_fen INTEGER NOT NULL DEFAULT 0,
  paid_late_fee_fen INTEGER NOT NULL DEFAULT 0,
  waived_late_fee_fen INTEGER NOT NULL DEFAULT 0,
  late_rate TEXT NOT NULL,
  grace_days INTEGER NOT NULL,
  late_cap TEXT NOT NULL DEFAULT '',
  basis TEXT NOT NULL,
  tariff_id TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL,
  batch_id TEXT NOT NULL DEFAULT '',
  disputed INTEGER NOT NULL DEFAULT 0,
  void_seq INTEGER NOT NULL DEFAULT 0,
  entry_count INTEGER NOT NULL DEFAULT 0,
  plan_id TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_bills_room_id_item_period_start_period_end_void_seq UNIQUE (room_id, item, period_start, period_end, void_seq),
  CONSTRAINT fk_bills_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_bills_1 CHECK (status IN ('unpaid','partial','paid','void')),
  CONSTRAINT ck_bills_2 CHECK (principal_fen >= 0),
  CONSTRAINT ck_bills_3 CHECK (discount_fen >= 0),
  CONSTRAINT ck_bills_4 CHECK (opening_paid_fen >= 0),
  CONSTRAINT ck_bills_5 CHECK (paid_principal_fen >= opening_paid_fen),
  CONSTRAINT ck_bills_6 CHECK (paid_principal_fen + discount_fen <= principal_fen),
  CONSTRAINT ck_bills_7 CHECK (paid_late_fee_fen >= 0),
  CONSTRAINT ck_bills_8 CHECK (waived_late_fee_fen >= 0),
  CONSTRAINT ck_bills_9 CHECK (grace_days >= 0)
) STRICT;
-- Holds what sums of arrears need, so that they read this index alone.
CREATE INDEX ix_bills_room_id_status_due_on ON bills (room_id, status, due_on, item, principal_fen, discount_fen, paid_principal_fen);
CREATE INDEX ix_bills_status_due_on_room_id ON bills (status, due_on, room_id);
CREATE INDEX ix_bills_community_id_period_start ON bills (community_id, period_start);
CREATE INDEX ix_bills_batch_id ON bills (batch_id);
