-- +goose Up

-- The day of a withdrawn reading is free for another one. The table that was made anew does not have the old key.
DROP INDEX IF EXISTS uq_readings_meter_id_read_on;
