-- +goose Up

-- 账单: one room x fee item x period, alive at most once (void_seq 0). The late-fee rule is frozen at issue. owner_id
-- is who owes it, batch_id what issued it: a billing run or a charge; entry_count how many entries it has, plan_id
-- the plan of parts that it is in. The index by room holds what sums of arrears need, so that they read it alone.
CREATE TABLE IF NOT EXISTS bills (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  owner_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  item VARCHAR(40) NOT NULL,
  period_start CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  period_end CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  issued_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  due_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  status VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  principal_fen BIGINT NOT NULL,
  discount_fen BIGINT NOT NULL DEFAULT 0,
  opening_paid_fen BIGINT NOT NULL DEFAULT 0,
  paid_principal_fen BIGINT NOT NULL DEFAULT 0,
  paid_late_fee_fen BIGINT NOT NULL DEFAULT 0,
  waived_late_fee_fen BIGINT NOT NULL DEFAULT 0,
  late_rate VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  grace_days INT NOT NULL,
  late_cap VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  basis VARCHAR(1000) NOT NULL,
  tariff_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  source VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  disputed TINYINT NOT NULL DEFAULT 0,
  void_seq INT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  batch_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  entry_count INT NOT NULL DEFAULT 0,
  plan_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  UNIQUE KEY uq_bills_room_id_item_period_start_period_end_void_seq (room_id, item, period_start, period_end, void_seq),
  KEY ix_bills_status_due_on_room_id (status, due_on, room_id),
  KEY ix_bills_community_id_period_start (community_id, period_start),
  KEY ix_bills_room_id_status_due_on (room_id, status, due_on, item, principal_fen, discount_fen, paid_principal_fen),
  KEY ix_bills_batch_id (batch_id),
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
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Everything that changes a bill besides money. Amounts are what was added to principal and late fee: a waiver is
-- negative late fee. A discount can be taken back: where money that earned it has been refunded, its entry is
-- positive. effective_on is the day from which it counts, booked_on the day on which it was done.
CREATE TABLE IF NOT EXISTS bill_entries (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  bill_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  principal_fen BIGINT NOT NULL,
  late_fee_fen BIGINT NOT NULL,
  reason VARCHAR(500) NOT NULL DEFAULT '',
  request_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  asked_kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  asked_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  asked_name VARCHAR(100) NOT NULL DEFAULT '',
  approved_kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  approved_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  approved_name VARCHAR(100) NOT NULL DEFAULT '',
  effective_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  booked_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_bill_entries_bill_id_id (bill_id, id),
  KEY ix_bill_entries_room_id_booked_on (room_id, booked_on),
  KEY ix_bill_entries_request_id (request_id),
  CONSTRAINT fk_bill_entries_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id),
  CONSTRAINT ck_bill_entries_1 CHECK (kind IN ('waiver','correction','void','discount')),
  CONSTRAINT ck_bill_entries_2 CHECK ((kind = 'waiver' AND principal_fen = 0) OR (kind <> 'waiver' AND late_fee_fen = 0)),
  CONSTRAINT ck_bill_entries_3 CHECK (kind <> 'discount' OR principal_fen <> 0),
  CONSTRAINT ck_bill_entries_4 CHECK (kind <> 'void' OR principal_fen <= 0),
  CONSTRAINT ck_bill_entries_5 CHECK (asked_kind = 'system' OR approved_kind <> asked_kind OR approved_id <> asked_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What an owner or staff asked for, and how it was decided. The decider is another person than the one who asked.
-- active keeps one open request of a kind alive for a subject: it is the subject while the request is open, then the
-- id.
CREATE TABLE IF NOT EXISTS requests (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  status VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  active VARCHAR(96) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  text VARCHAR(500) NOT NULL DEFAULT '',
  amount_fen BIGINT NOT NULL DEFAULT 0,
  pay_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  parts VARCHAR(2000) NOT NULL DEFAULT '',
  frozen TINYINT NOT NULL DEFAULT 0,
  break_days INT NOT NULL DEFAULT 0,
  asked_kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  asked_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  asked_name VARCHAR(100) NOT NULL DEFAULT '',
  decided_kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  decided_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  decided_name VARCHAR(100) NOT NULL DEFAULT '',
  note VARCHAR(500) NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  decided_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  UNIQUE KEY uq_requests_kind_active (kind, active),
  KEY ix_requests_status_kind_id (status, kind, id),
  KEY ix_requests_room_id_id (room_id, id),
  KEY ix_requests_asked_id_id (asked_id, id),
  CONSTRAINT fk_requests_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_requests_1 CHECK (kind IN ('waiver','correction','void','instalment','dispute','promise','refund')),
  CONSTRAINT ck_requests_2 CHECK (status IN ('open','approved','rejected')),
  CONSTRAINT ck_requests_3 CHECK (amount_fen >= 0),
  CONSTRAINT ck_requests_4 CHECK ((status = 'open') = (decided_at = 0)),
  CONSTRAINT ck_requests_5 CHECK (decided_id = '' OR decided_kind <> asked_kind OR decided_id <> asked_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Which bills a request is about.
CREATE TABLE IF NOT EXISTS request_bills (
  request_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  bill_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (request_id, bill_id),
  KEY ix_request_bills_bill_id (bill_id),
  CONSTRAINT fk_request_bills_request_id FOREIGN KEY (request_id) REFERENCES requests (id),
  CONSTRAINT fk_request_bills_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- 分期: bills of a room paid in parts. frozen: no late fee accrues on them while the plan is kept. It is broken when a
-- part is still unpaid break_days after its date, and kept when everything is paid.
CREATE TABLE IF NOT EXISTS plans (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  request_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  status VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  total_fen BIGINT NOT NULL,
  frozen TINYINT NOT NULL,
  break_days INT NOT NULL,
  made_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ended_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_plans_request_id (request_id),
  KEY ix_plans_room_id_status (room_id, status),
  KEY ix_plans_status_id (status, id),
  CONSTRAINT fk_plans_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_plans_1 CHECK (status IN ('active','kept','broken')),
  CONSTRAINT ck_plans_2 CHECK (total_fen > 0),
  CONSTRAINT ck_plans_3 CHECK (break_days BETWEEN 0 AND 90),
  CONSTRAINT ck_plans_4 CHECK ((status = 'active') = (ended_on = ''))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What a plan covers of each bill, as it was owed on the day the plan was made. settled_fen is what had been settled
-- of the bill by then, by which progress is told.
CREATE TABLE IF NOT EXISTS plan_bills (
  plan_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  bill_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  principal_fen BIGINT NOT NULL,
  late_fee_fen BIGINT NOT NULL,
  settled_fen BIGINT NOT NULL,
  PRIMARY KEY (plan_id, bill_id),
  KEY ix_plan_bills_bill_id (bill_id),
  CONSTRAINT fk_plan_bills_plan_id FOREIGN KEY (plan_id) REFERENCES plans (id),
  CONSTRAINT fk_plan_bills_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id),
  CONSTRAINT ck_plan_bills_1 CHECK (principal_fen >= 0),
  CONSTRAINT ck_plan_bills_2 CHECK (late_fee_fen >= 0),
  CONSTRAINT ck_plan_bills_3 CHECK (principal_fen + late_fee_fen > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The parts of a plan, in the order of their dates; their sum is what the plan covers.
CREATE TABLE IF NOT EXISTS plan_parts (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  plan_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  number INT NOT NULL,
  due_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount_fen BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_plan_parts_plan_id_number (plan_id, number),
  KEY ix_plan_parts_due_on (due_on),
  CONSTRAINT fk_plan_parts_plan_id FOREIGN KEY (plan_id) REFERENCES plans (id),
  CONSTRAINT ck_plan_parts_1 CHECK (amount_fen > 0),
  CONSTRAINT ck_plan_parts_2 CHECK (number > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
