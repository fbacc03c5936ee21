-- Which fee items a tenant has agreed to pay, one a line; empty: all.
-- +goose Up
ALTER TABLE tenures ADD COLUMN items TEXT NOT NULL DEFAULT '';
