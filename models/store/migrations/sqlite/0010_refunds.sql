-- +goose Up

-- 退款: money that goes back. no is the out_refund_no; request is what was sent to WeChat, word for word, so that a
-- timeout can be repeated. Of a refund paid by hand there is no order. part counts those of an order that were sent.
-- accepted_at is when WeChat accepted it, by its own word (create_time): the day whose bill has it; 0: not learned.
CREATE TABLE refunds (
  no TEXT NOT NULL,
  order_no TEXT NOT NULL DEFAULT '',
  payment_id TEXT NOT NULL DEFAULT '',
  transaction_id TEXT NOT NULL DEFAULT '',
  merchant TEXT NOT NULL DEFAULT '',
  mch_id TEXT NOT NULL DEFAULT '',
  sub_mch_id TEXT NOT NULL DEFAULT '',
  community_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  user_id TEXT NOT NULL DEFAULT '',
  origin TEXT NOT NULL,
  channel TEXT NOT NULL,
  amount_fen INTEGER NOT NULL,
  total_fen INTEGER NOT NULL,
  prepaid_fen INTEGER NOT NULL DEFAULT 0,
  bill_after TEXT NOT NULL,
  reason TEXT NOT NULL,
  status TEXT NOT NULL,
  part INTEGER,
  form_key TEXT,
  request_id TEXT NOT NULL DEFAULT '',
  retry_of TEXT NOT NULL DEFAULT '',
  request TEXT NOT NULL DEFAULT '',
  refund_id TEXT,
  fault TEXT NOT NULL DEFAULT '',
  asked_kind TEXT NOT NULL,
  asked_id TEXT NOT NULL DEFAULT '',
  asked_name TEXT NOT NULL DEFAULT '',
  decided_kind TEXT NOT NULL DEFAULT '',
  decided_id TEXT NOT NULL DEFAULT '',
  decided_name TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  hand_name TEXT NOT NULL DEFAULT '',
  hand_note TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  decided_at INTEGER NOT NULL DEFAULT 0,
  sent_at INTEGER NOT NULL DEFAULT 0,
  done_at INTEGER NOT NULL DEFAULT 0,
  done_on TEXT NOT NULL DEFAULT '',
  booked_at INTEGER NOT NULL DEFAULT 0,
  checks INTEGER NOT NULL DEFAULT 0,
  next_check_at INTEGER NOT NULL DEFAULT 0,
  updated_at INTEGER NOT NULL,
  accepted_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (no),
  CONSTRAINT uq_refunds_form_key UNIQUE (form_key),
  CONSTRAINT uq_refunds_refund_id UNIQUE (refund_id),
  CONSTRAINT uq_refunds_payment_id_part UNIQUE (payment_id, part),
  CONSTRAINT fk_refunds_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_refunds_1 CHECK (amount_fen > 0 AND amount_fen <= total_fen),
  CONSTRAINT ck_refunds_2 CHECK (prepaid_fen >= 0 AND prepaid_fen <= amount_fen),
  CONSTRAINT ck_refunds_3 CHECK (status IN ('asked','rejected','sending','processing','success','closed','abnormal')),
  CONSTRAINT ck_refunds_4 CHECK (origin IN ('staff','surplus','prepaid')),
  CONSTRAINT ck_refunds_5 CHECK (channel IN ('wechat','hand')),
  CONSTRAINT ck_refunds_6 CHECK (bill_after IN ('owed','credited')),
  CONSTRAINT ck_refunds_7 CHECK (asked_kind = 'system' OR decided_kind <> asked_kind OR decided_id <> asked_id),
  CONSTRAINT ck_refunds_8 CHECK ((status = 'success') = (booked_at <> 0)),
  CONSTRAINT ck_refunds_9 CHECK (part IS NULL OR part BETWEEN 1 AND 50),
  CONSTRAINT ck_refunds_10 CHECK ((status = 'asked') = (decided_kind = ''))
) STRICT;
CREATE INDEX ix_refunds_status_next_check_at ON refunds (status, next_check_at);
CREATE INDEX ix_refunds_order_no ON refunds (order_no);
CREATE INDEX ix_refunds_room_id_no ON refunds (room_id, no);
CREATE INDEX ix_refunds_merchant_done_on ON refunds (merchant, done_on);
CREATE INDEX ix_refunds_request_id ON refunds (request_id);
CREATE INDEX ix_refunds_merchant_accepted_at ON refunds (merchant, accepted_at);

-- Which shares of a payment a refund gives back: of a bill its principal and late fee, or prepayment of a fee item
-- (item empty: general).
CREATE TABLE refund_lines (
  refund_no TEXT NOT NULL,
  number INTEGER NOT NULL,
  bill_id TEXT NOT NULL DEFAULT '',
  item TEXT NOT NULL DEFAULT '',
  principal_fen INTEGER NOT NULL DEFAULT 0,
  late_fee_fen INTEGER NOT NULL DEFAULT 0,
  prepaid_fen INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (refund_no, number),
  CONSTRAINT fk_refund_lines_refund_no FOREIGN KEY (refund_no) REFERENCES refunds (no),
  CONSTRAINT ck_refund_lines_1 CHECK (principal_fen >= 0 AND late_fee_fen >= 0 AND prepaid_fen >= 0),
  CONSTRAINT ck_refund_lines_2 CHECK (principal_fen + late_fee_fen + prepaid_fen > 0),
  CONSTRAINT ck_refund_lines_3 CHECK ((bill_id = '') = (prepaid_fen > 0))
) STRICT;
CREATE INDEX ix_refund_lines_bill_id ON refund_lines (bill_id);

-- What has gone back of a payment and what is under way, in one row that every refund of it must move: never more
-- than was paid, at most 50 parts, a minute apart (last_sent_at).
CREATE TABLE refund_sums (
  payment_id TEXT NOT NULL,
  order_no TEXT NOT NULL,
  amount_fen INTEGER NOT NULL,
  held_fen INTEGER NOT NULL DEFAULT 0,
  refunded_fen INTEGER NOT NULL DEFAULT 0,
  parts INTEGER NOT NULL DEFAULT 0,
  last_sent_at INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (payment_id),
  CONSTRAINT uq_refund_sums_order_no UNIQUE (order_no),
  CONSTRAINT fk_refund_sums_payment_id FOREIGN KEY (payment_id) REFERENCES payments (id),
  CONSTRAINT ck_refund_sums_1 CHECK (held_fen >= 0 AND refunded_fen >= 0),
  CONSTRAINT ck_refund_sums_2 CHECK (held_fen + refunded_fen <= amount_fen),
  CONSTRAINT ck_refund_sums_3 CHECK (parts >= 0 AND parts <= 50)
) STRICT;
