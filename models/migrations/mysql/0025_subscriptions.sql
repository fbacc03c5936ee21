-- How many messages a user may still be sent by a template (one agreement, one message).
-- +goose Up
CREATE TABLE subscriptions (
  user_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  template VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  remaining INT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (user_id, template),
  CONSTRAINT ck_subscriptions_1 CHECK (remaining >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
