-- The request that a message answers; empty: none.
-- +goose Up
ALTER TABLE notices
  ADD COLUMN request_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';
