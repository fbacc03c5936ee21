-- +goose Up

-- Two spellings of one number are one meter.
CREATE UNIQUE INDEX uq_meters_serial_key ON meters (room_id, item, serial_key);
