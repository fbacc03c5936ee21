-- +goose Up

-- 账单: one room x fee item x period, alive at most once (void_seq 0). The late-fee rule is frozen at issue. owner_id
-- is who owes it, batch_id what issued it: a billing run or a charge; entry_count how many entries it has, plan_id
-- the plan of parts that it is in. The index by room holds what sums of arrears need, so that they read it alone.
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
  disputed INTEGER NOT NULL DEFAULT 0,
  void_seq INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  batch_id TEXT NOT NULL DEFAULT '',
  entry_count INTEGER NOT NULL DEFAULT 0,
  plan_id TEXT NOT NULL DEFAULT '',
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
CREATE INDEX ix_bills_status_due_on_room_id ON bills (status, due_on, room_id);
CREATE INDEX ix_bills_community_id_period_start ON bills (community_id, period_start);
CREATE INDEX ix_bills_room_id_status_due_on ON bills (room_id, status, due_on, item, principal_fen, discount_fen, paid_principal_fen);
CREATE INDEX ix_bills_batch_id ON bills (batch_id);

-- Everything that changes a bill besides money. Amounts are what was added to principal and late fee: a waiver is
-- negative late fee. A discount can be taken back: where money that earned it has been refunded, its entry is
-- positive. effective_on is the day from which it counts, booked_on the day on which it was done.
CREATE TABLE bill_entries (
  id TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  principal_fen INTEGER NOT NULL,
  late_fee_fen INTEGER NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  request_id TEXT NOT NULL DEFAULT '',
  asked_kind TEXT NOT NULL,
  asked_id TEXT NOT NULL DEFAULT '',
  asked_name TEXT NOT NULL DEFAULT '',
  approved_kind TEXT NOT NULL,
  approved_id TEXT NOT NULL DEFAULT '',
  approved_name TEXT NOT NULL DEFAULT '',
  effective_on TEXT NOT NULL,
  booked_on TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT fk_bill_entries_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id),
  CONSTRAINT ck_bill_entries_1 CHECK (kind IN ('waiver','correction','void','discount')),
  CONSTRAINT ck_bill_entries_2 CHECK ((kind = 'waiver' AND principal_fen = 0) OR (kind <> 'waiver' AND late_fee_fen = 0)),
  CONSTRAINT ck_bill_entries_3 CHECK (kind <> 'discount' OR principal_fen <> 0),
  CONSTRAINT ck_bill_entries_4 CHECK (kind <> 'void' OR principal_fen <= 0),
  CONSTRAINT ck_bill_entries_5 CHECK (asked_kind = 'system' OR approved_kind <> asked_kind OR approved_id <> asked_id)
) STRICT;
CREATE INDEX ix_bill_entries_bill_id_id ON bill_entries (bill_id, id);
CREATE INDEX ix_bill_entries_room_id_booked_on ON bill_entries (room_id, booked_on);
CREATE INDEX ix_bill_entries_request_id ON bill_entries (request_id);

-- What an owner or staff asked for, and how it was decided. The decider is another person than the one who asked.
-- active keeps one open request of a kind alive for a subject: it is the subject while the request is open, then the
-- id.
CREATE TABLE requests (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  active TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL DEFAULT '',
  amount_fen INTEGER NOT NULL DEFAULT 0,
  pay_on TEXT NOT NULL DEFAULT '',
  parts TEXT NOT NULL DEFAULT '',
  frozen INTEGER NOT NULL DEFAULT 0,
  break_days INTEGER NOT NULL DEFAULT 0,
  asked_kind TEXT NOT NULL,
  asked_id TEXT NOT NULL DEFAULT '',
  asked_name TEXT NOT NULL DEFAULT '',
  decided_kind TEXT NOT NULL DEFAULT '',
  decided_id TEXT NOT NULL DEFAULT '',
  decided_name TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  decided_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  CONSTRAINT uq_requests_kind_active UNIQUE (kind, active),
  CONSTRAINT fk_requests_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_requests_1 CHECK (kind IN ('waiver','correction','void','instalment','dispute','promise','refund')),
  CONSTRAINT ck_requests_2 CHECK (status IN ('open','approved','rejected')),
  CONSTRAINT ck_requests_3 CHECK (amount_fen >= 0),
  CONSTRAINT ck_requests_4 CHECK ((status = 'open') = (decided_at = 0)),
  CONSTRAINT ck_requests_5 CHECK (decided_id = '' OR decided_kind <> asked_kind OR decided_id <> asked_id)
) STRICT;
CREATE INDEX ix_requests_status_kind_id ON requests (status, kind, id);
CREATE INDEX ix_requests_room_id_id ON requests (room_id, id);
CREATE INDEX ix_requests_asked_id_id ON requests (asked_id, id);

-- Which bills a request is about.
CREATE TABLE request_bills (
  request_id TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  PRIMARY KEY (request_id, bill_id),
  CONSTRAINT fk_request_bills_request_id FOREIGN KEY (request_id) REFERENCES requests (id),
  CONSTRAINT fk_request_bills_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id)
) STRICT;
CREATE INDEX ix_request_bills_bill_id ON request_bills (bill_id);

-- 分期: bills of a room paid in parts. frozen: no late fee accrues on them while the plan is kept. It is broken when a
-- part is still unpaid break_days after its date, and kept when everything is paid.
CREATE TABLE plans (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  status TEXT NOT NULL,
  total_fen INTEGER NOT NULL,
  frozen INTEGER NOT NULL,
  break_days INTEGER NOT NULL,
  made_on TEXT NOT NULL,
  ended_on TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_plans_request_id UNIQUE (request_id),
  CONSTRAINT fk_plans_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_plans_1 CHECK (status IN ('active','kept','broken')),
  CONSTRAINT ck_plans_2 CHECK (total_fen > 0),
  CONSTRAINT ck_plans_3 CHECK (break_days BETWEEN 0 AND 90),
  CONSTRAINT ck_plans_4 CHECK ((status = 'active') = (ended_on = ''))
) STRICT;
CREATE INDEX ix_plans_room_id_status ON plans (room_id, status);
CREATE INDEX ix_plans_status_id ON plans (status, id);

-- What a plan covers of each bill, as it was owed on the day the plan was made. settled_fen is what had been settled
-- of the bill by then, by which progress is told.
CREATE TABLE plan_bills (
  plan_id TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  principal_fen INTEGER NOT NULL,
  late_fee_fen INTEGER NOT NULL,
  settled_fen INTEGER NOT NULL,
  PRIMARY KEY (plan_id, bill_id),
  CONSTRAINT fk_plan_bills_plan_id FOREIGN KEY (plan_id) REFERENCES plans (id),
  CONSTRAINT fk_plan_bills_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id),
  CONSTRAINT ck_plan_bills_1 CHECK (principal_fen >= 0),
  CONSTRAINT ck_plan_bills_2 CHECK (late_fee_fen >= 0),
  CONSTRAINT ck_plan_bills_3 CHECK (principal_fen + late_fee_fen > 0)
) STRICT;
CREATE INDEX ix_plan_bills_bill_id ON plan_bills (bill_id);

-- The parts of a plan, in the order of their dates; their sum is what the plan covers.
CREATE TABLE plan_parts (
  id TEXT NOT NULL,
  plan_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  due_on TEXT NOT NULL,
  amount_fen INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_plan_parts_plan_id_number UNIQUE (plan_id, number),
  CONSTRAINT fk_plan_parts_plan_id FOREIGN KEY (plan_id) REFERENCES plans (id),
  CONSTRAINT ck_plan_parts_1 CHECK (amount_fen > 0),
  CONSTRAINT ck_plan_parts_2 CHECK (number > 0)
) STRICT;
CREATE INDEX ix_plan_parts_due_on ON plan_parts (due_on);
