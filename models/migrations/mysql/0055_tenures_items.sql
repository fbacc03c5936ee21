-- Which fee items a tenant has agreed to pay, one a line; empty: all.
-- +goose Up
ALTER TABLE tenures
  ADD COLUMN items VARCHAR(500) NOT NULL DEFAULT '';
