-- When WeChat accepted the order and gave its prepay id; 0: it did not, or before this was kept.
-- +goose Up
ALTER TABLE orders ADD COLUMN placed_at BIGINT NOT NULL DEFAULT 0;
