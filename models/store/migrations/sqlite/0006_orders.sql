-- +goose Up

-- Which merchant a community's fee item is paid to; item empty: every item that has no line of its own.
CREATE TABLE merchant_rules (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  item TEXT NOT NULL DEFAULT '',
  merchant TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_merchant_rules_community_id_item UNIQUE (community_id, item),
  CONSTRAINT fk_merchant_rules_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_merchant_rules_1 CHECK (merchant <> '')
) STRICT;

-- An order at WeChat Pay; no is the out_trade_no. request is what was sent to WeChat, word for word, so that a
-- timeout can be repeated. closed_at_wechat: WeChat has confirmed that it can no longer be paid. prepay_item is the
-- fee item that its prepayment is kept for; empty: general. placed_at is when WeChat accepted it and gave its prepay
-- id; 0: it did not.
CREATE TABLE orders (
  no TEXT NOT NULL,
  user_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  merchant TEXT NOT NULL,
  mch_id TEXT NOT NULL,
  sub_mch_id TEXT NOT NULL DEFAULT '',
  app_id TEXT NOT NULL,
  openid TEXT NOT NULL,
  amount_fen INTEGER NOT NULL,
  prepay_fen INTEGER NOT NULL,
  status TEXT NOT NULL,
  quoted_on TEXT NOT NULL,
  request TEXT NOT NULL,
  prepay_id TEXT NOT NULL DEFAULT '',
  transaction_id TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  paid_at INTEGER NOT NULL DEFAULT 0,
  closed_at_wechat INTEGER NOT NULL DEFAULT 0,
  checks INTEGER NOT NULL DEFAULT 0,
  next_check_at INTEGER NOT NULL DEFAULT 0,
  updated_at INTEGER NOT NULL,
  prepay_item TEXT NOT NULL DEFAULT '',
  placed_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (no),
  CONSTRAINT fk_orders_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_orders_1 CHECK (amount_fen > 0),
  CONSTRAINT ck_orders_2 CHECK (prepay_fen >= 0),
  CONSTRAINT ck_orders_3 CHECK (prepay_fen <= amount_fen),
  CONSTRAINT ck_orders_4 CHECK (status IN ('pending','paid','closed','exception','refunding','refunded','part_refunded'))
) STRICT;
CREATE INDEX ix_orders_status_next_check_at ON orders (status, next_check_at);
CREATE INDEX ix_orders_user_id_created_at ON orders (user_id, created_at);
CREATE INDEX ix_orders_room_id_created_at ON orders (room_id, created_at);
CREATE INDEX ix_orders_merchant_paid_at ON orders (merchant, paid_at);
CREATE INDEX ix_orders_closed_at_wechat_status_next_check_at ON orders (closed_at_wechat, status, next_check_at);

-- What an order pays, frozen as quoted. open_bill_id is the bill while the order is open: unique, so that a bill is
-- in one open order at most.
CREATE TABLE order_lines (
  order_no TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  principal_fen INTEGER NOT NULL,
  late_fee_fen INTEGER NOT NULL,
  open_bill_id TEXT,
  PRIMARY KEY (order_no, bill_id),
  CONSTRAINT uq_order_lines_open_bill_id UNIQUE (open_bill_id),
  CONSTRAINT fk_order_lines_order_no FOREIGN KEY (order_no) REFERENCES orders (no),
  CONSTRAINT fk_order_lines_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id),
  CONSTRAINT ck_order_lines_1 CHECK (principal_fen >= 0),
  CONSTRAINT ck_order_lines_2 CHECK (late_fee_fen >= 0),
  CONSTRAINT ck_order_lines_3 CHECK (principal_fen + late_fee_fen > 0)
) STRICT;
CREATE INDEX ix_order_lines_bill_id ON order_lines (bill_id);

-- Money received. transaction_id and order_no are unique: told twenty times, booked once.
CREATE TABLE payments (
  id TEXT NOT NULL,
  channel TEXT NOT NULL,
  order_no TEXT,
  transaction_id TEXT,
  merchant TEXT NOT NULL DEFAULT '',
  community_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  user_id TEXT NOT NULL DEFAULT '',
  amount_fen INTEGER NOT NULL,
  surplus_fen INTEGER NOT NULL DEFAULT 0,
  source TEXT NOT NULL,
  paid_at INTEGER NOT NULL,
  paid_on TEXT NOT NULL,
  booked_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_payments_order_no UNIQUE (order_no),
  CONSTRAINT uq_payments_transaction_id UNIQUE (transaction_id),
  CONSTRAINT fk_payments_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_payments_1 CHECK (amount_fen > 0),
  CONSTRAINT ck_payments_2 CHECK (surplus_fen >= 0)
) STRICT;
CREATE INDEX ix_payments_room_id_paid_on ON payments (room_id, paid_on);
CREATE INDEX ix_payments_paid_on_channel ON payments (paid_on, channel);
CREATE INDEX ix_payments_merchant_paid_on ON payments (merchant, paid_on);

-- Which bill a payment settled, and from which day it counts for late fee (effective_on).
CREATE TABLE allocations (
  id TEXT NOT NULL,
  payment_id TEXT NOT NULL DEFAULT '',
  bill_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  principal_fen INTEGER NOT NULL,
  late_fee_fen INTEGER NOT NULL,
  effective_on TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT fk_allocations_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id)
) STRICT;
CREATE INDEX ix_allocations_bill_id_effective_on ON allocations (bill_id, effective_on);
CREATE INDEX ix_allocations_payment_id ON allocations (payment_id);
CREATE INDEX ix_allocations_room_id ON allocations (room_id);

-- Signed notifications that settled nothing: kept once, for staff to see.
CREATE TABLE callback_events (
  id TEXT NOT NULL,
  merchant TEXT NOT NULL,
  notification_id TEXT NOT NULL,
  order_no TEXT NOT NULL DEFAULT '',
  transaction_id TEXT NOT NULL DEFAULT '',
  amount_fen INTEGER NOT NULL DEFAULT 0,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT '',
  times INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_callback_events_merchant_notification_id UNIQUE (merchant, notification_id)
) STRICT;
CREATE INDEX ix_callback_events_created_at ON callback_events (created_at);
