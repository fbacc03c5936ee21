-- +goose Up

-- A meter has one reading a day that counts; those that were withdrawn stay beside it.
ALTER TABLE readings ADD UNIQUE KEY uq_readings_meter_id_read_on_withdrawal_id (meter_id, read_on, withdrawal_id);
