-- +goose Up

-- Two spellings of one kind of room are one tariff.
CREATE UNIQUE INDEX uq_tariffs_kind_key ON tariffs (community_id, item, kind_key, room_id, from_on);
