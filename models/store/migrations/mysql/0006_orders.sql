-- +goose Up

-- Which merchant a community's fee item is paid to; item empty: every item that has no line of its own.
CREATE TABLE IF NOT EXISTS merchant_rules (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  item VARCHAR(100) NOT NULL DEFAULT '',
  merchant VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_merchant_rules_community_id_item (community_id, item),
  CONSTRAINT fk_merchant_rules_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_merchant_rules_1 CHECK (merchant <> '')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- An order at WeChat Pay; no is the out_trade_no. request is what was sent to WeChat, word for word, so that a
-- timeout can be repeated. closed_at_wechat: WeChat has confirmed that it can no longer be paid. prepay_item is the
-- fee item that its prepayment is kept for; empty: general. placed_at is when WeChat accepted it and gave its prepay
-- id; 0: it did not.
CREATE TABLE IF NOT EXISTS orders (
  no CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  merchant VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  mch_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sub_mch_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  app_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  openid VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount_fen BIGINT NOT NULL,
  prepay_fen BIGINT NOT NULL,
  status VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  quoted_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  request VARCHAR(2000) NOT NULL,
  prepay_id VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  transaction_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  paid_at BIGINT NOT NULL DEFAULT 0,
  closed_at_wechat TINYINT NOT NULL DEFAULT 0,
  checks INT NOT NULL DEFAULT 0,
  next_check_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL,
  prepay_item VARCHAR(40) NOT NULL DEFAULT '',
  placed_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (no),
  KEY ix_orders_status_next_check_at (status, next_check_at),
  KEY ix_orders_user_id_created_at (user_id, created_at),
  KEY ix_orders_room_id_created_at (room_id, created_at),
  KEY ix_orders_merchant_paid_at (merchant, paid_at),
  KEY ix_orders_closed_at_wechat_status_next_check_at (closed_at_wechat, status, next_check_at),
  CONSTRAINT fk_orders_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_orders_1 CHECK (amount_fen > 0),
  CONSTRAINT ck_orders_2 CHECK (prepay_fen >= 0),
  CONSTRAINT ck_orders_3 CHECK (prepay_fen <= amount_fen),
  CONSTRAINT ck_orders_4 CHECK (status IN ('pending','paid','closed','exception','refunding','refunded','part_refunded'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What an order pays, frozen as quoted. open_bill_id is the bill while the order is open: unique, so that a bill is
-- in one open order at most.
CREATE TABLE IF NOT EXISTS order_lines (
  order_no CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  bill_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  principal_fen BIGINT NOT NULL,
  late_fee_fen BIGINT NOT NULL,
  open_bill_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NULL,
  PRIMARY KEY (order_no, bill_id),
  UNIQUE KEY uq_order_lines_open_bill_id (open_bill_id),
  KEY ix_order_lines_bill_id (bill_id),
  CONSTRAINT fk_order_lines_order_no FOREIGN KEY (order_no) REFERENCES orders (no),
  CONSTRAINT fk_order_lines_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id),
  CONSTRAINT ck_order_lines_1 CHECK (principal_fen >= 0),
  CONSTRAINT ck_order_lines_2 CHECK (late_fee_fen >= 0),
  CONSTRAINT ck_order_lines_3 CHECK (principal_fen + late_fee_fen > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Money received. transaction_id and order_no are unique: told twenty times, booked once.
CREATE TABLE IF NOT EXISTS payments (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  channel VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  order_no CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NULL,
  transaction_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  merchant VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  amount_fen BIGINT NOT NULL,
  surplus_fen BIGINT NOT NULL DEFAULT 0,
  source VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  paid_at BIGINT NOT NULL,
  paid_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  booked_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_payments_order_no (order_no),
  UNIQUE KEY uq_payments_transaction_id (transaction_id),
  KEY ix_payments_room_id_paid_on (room_id, paid_on),
  KEY ix_payments_paid_on_channel (paid_on, channel),
  KEY ix_payments_merchant_paid_on (merchant, paid_on),
  CONSTRAINT fk_payments_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_payments_1 CHECK (amount_fen > 0),
  CONSTRAINT ck_payments_2 CHECK (surplus_fen >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Which bill a payment settled, and from which day it counts for late fee (effective_on).
CREATE TABLE IF NOT EXISTS allocations (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payment_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  bill_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  principal_fen BIGINT NOT NULL,
  late_fee_fen BIGINT NOT NULL,
  effective_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_allocations_bill_id_effective_on (bill_id, effective_on),
  KEY ix_allocations_payment_id (payment_id),
  KEY ix_allocations_room_id (room_id),
  CONSTRAINT fk_allocations_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Signed notifications that settled nothing: kept once, for staff to see.
CREATE TABLE IF NOT EXISTS callback_events (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  merchant VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  notification_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  order_no VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  transaction_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  amount_fen BIGINT NOT NULL DEFAULT 0,
  reason VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  detail VARCHAR(1000) NOT NULL DEFAULT '',
  times INT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_callback_events_merchant_notification_id (merchant, notification_id),
  KEY ix_callback_events_created_at (created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
