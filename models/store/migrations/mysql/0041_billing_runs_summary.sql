-- +goose Up

-- What became of the rooms that a run looked at, and what is unbilled, as JSON.
ALTER TABLE billing_runs ADD COLUMN summary VARCHAR(2000) NOT NULL DEFAULT '';
