-- How many messages a user may still be sent by a template (one agreement, one message).
-- +goose Up
CREATE TABLE subscriptions (
  user_id TEXT NOT NULL,
  template TEXT NOT NULL,
  remaining INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, template),
  CONSTRAINT ck_subscriptions_1 CHECK (remaining >= 0)
) STRICT;
