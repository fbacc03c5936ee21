-- Every grant and every use; their sum is subscriptions.remaining.
-- +goose Up
CREATE TABLE subscription_entries (
  id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  template TEXT NOT NULL,
  delta INTEGER NOT NULL,
  reason TEXT NOT NULL,
  notice_id TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id)
) STRICT;
CREATE INDEX ix_subscription_entries_user_id_template ON subscription_entries (user_id, template);
