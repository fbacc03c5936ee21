-- An order that somebody made by a share. told_at: its payment was told to whoever shared.
-- +goose Up
CREATE TABLE share_orders (
  order_no TEXT NOT NULL,
  share_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  told_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (order_no)
) STRICT;
CREATE INDEX ix_share_orders_share_id ON share_orders (share_id);
