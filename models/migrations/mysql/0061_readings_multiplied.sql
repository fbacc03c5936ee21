-- Readings taken so far count with the one multiplier that their meter has had.
-- +goose Up
UPDATE readings r JOIN meters m ON m.id = r.meter_id SET r.multiplier = m.multiplier;
