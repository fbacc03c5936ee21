-- +goose Up

-- Rooms are looked up by the loose spelling of what an owner types.
CREATE INDEX ix_rooms_loose_key ON rooms (community_id, loose_key);
