-- +goose Up

-- The code of a room in a spelling that more ways to write it share than code_key. Two rooms may have the same.
ALTER TABLE rooms ADD COLUMN loose_key VARCHAR(255) NOT NULL DEFAULT '';
