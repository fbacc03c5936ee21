-- What WeChat told us, as it came, with what proves its signature: every callback and every reply that changed something. Rows are only added, and erased by age. body is sealed with the data key where personal data stands in it in clear.
-- +goose Up
CREATE TABLE evidence (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  merchant VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  order_no VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  refund_no VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  notification_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  request_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  verdict VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  detail VARCHAR(200) NOT NULL DEFAULT '',
  status INT NOT NULL DEFAULT 0,
  serial VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  signed_at VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  nonce VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  signature VARCHAR(700) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  body_size INT NOT NULL DEFAULT 0,
  body_sha256 CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  sealed TINYINT NOT NULL DEFAULT 0,
  body BLOB NOT NULL,
  times INT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_evidence_order_no (order_no),
  KEY ix_evidence_created_at (created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
