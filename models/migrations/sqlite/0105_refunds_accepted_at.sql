-- When WeChat accepted a refund, by its own word (create_time): the day whose bill has it. 0: not learned.
-- +goose Up
ALTER TABLE refunds ADD COLUMN accepted_at INTEGER NOT NULL DEFAULT 0;
