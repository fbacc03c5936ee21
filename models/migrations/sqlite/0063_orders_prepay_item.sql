-- Which fee item the prepayment of an order is kept for; empty: general.
-- +goose Up
ALTER TABLE orders ADD COLUMN prepay_item TEXT NOT NULL DEFAULT '';
