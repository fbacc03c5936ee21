-- +goose Up

-- The day of a withdrawn reading is free for another one.
ALTER TABLE readings DROP INDEX uq_readings_meter_id_read_on;
