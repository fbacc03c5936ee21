-- An order that somebody made by a share. told_at: its payment was told to whoever shared.
-- +goose Up
CREATE TABLE share_orders (
  order_no CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  share_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at BIGINT NOT NULL,
  told_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (order_no),
  KEY ix_share_orders_share_id (share_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
