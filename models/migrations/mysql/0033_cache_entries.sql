-- Values shared by replicas for a while, such as the mini-program access token. Times are real time.
-- +goose Up
CREATE TABLE cache_entries (
  name VARCHAR(128) NOT NULL,
  value VARCHAR(1000) NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
