-- Readings taken so far count with the one multiplier that their meter has had.
-- +goose Up
UPDATE readings SET multiplier = m.multiplier FROM meters m WHERE m.id = readings.meter_id AND m.multiplier <> readings.multiplier;
