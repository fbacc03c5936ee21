-- The evidence of both sides, and what staff asked for and decided.
-- +goose Up
ALTER TABLE findings
  ADD COLUMN evidence VARCHAR(2000) NOT NULL DEFAULT '',
  ADD COLUMN reason VARCHAR(500) NOT NULL DEFAULT '',
  ADD COLUMN asked_action VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN asked_room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN asked_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN asked_name VARCHAR(100) NOT NULL DEFAULT '',
  ADD COLUMN asked_at BIGINT NOT NULL DEFAULT 0,
  ADD CONSTRAINT ck_findings_1 CHECK (asked_action IN ('','surplus','suspense'));
