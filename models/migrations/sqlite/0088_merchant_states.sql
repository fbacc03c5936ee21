-- How each merchant fares: when WeChat last reached us, when its bills were last had, and what last went wrong.
-- +goose Up
CREATE TABLE merchant_states (
  merchant TEXT NOT NULL,
  callback_at INTEGER NOT NULL DEFAULT 0,
  bill_on TEXT NOT NULL DEFAULT '',
  bill_at INTEGER NOT NULL DEFAULT 0,
  error_at INTEGER NOT NULL DEFAULT 0,
  error_in TEXT NOT NULL DEFAULT '',
  error_text TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (merchant)
) STRICT;
