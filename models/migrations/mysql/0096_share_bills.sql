-- The bills of a share.
-- +goose Up
CREATE TABLE share_bills (
  share_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  bill_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (share_id, bill_id),
  KEY ix_share_bills_bill_id (bill_id),
  CONSTRAINT fk_share_bills_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
