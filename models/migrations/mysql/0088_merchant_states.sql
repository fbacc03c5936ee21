-- How each merchant fares: when WeChat last reached us, when its bills were last had, and what last went wrong.
-- +goose Up
CREATE TABLE merchant_states (
  merchant VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  callback_at BIGINT NOT NULL DEFAULT 0,
  bill_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  bill_at BIGINT NOT NULL DEFAULT 0,
  error_at BIGINT NOT NULL DEFAULT 0,
  error_in VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  error_text VARCHAR(300) NOT NULL DEFAULT '',
  PRIMARY KEY (merchant)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
