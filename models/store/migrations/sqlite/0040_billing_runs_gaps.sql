-- +goose Up

-- Which unbilled days before its period a run bills besides: none (empty), since the books began, or all.
ALTER TABLE billing_runs ADD COLUMN gaps TEXT NOT NULL DEFAULT '';
