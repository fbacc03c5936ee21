-- An order at WeChat Pay; no is the out_trade_no. request is what was sent to WeChat, word for word, so that a timeout can be repeated. closed_at_wechat: WeChat has confirmed that it can no longer be paid.
-- +goose Up
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
