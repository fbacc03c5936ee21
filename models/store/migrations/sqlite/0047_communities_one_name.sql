-- +goose Up

-- Two spellings of one name are one community.
CREATE UNIQUE INDEX uq_communities_name_key ON communities (name_key);
