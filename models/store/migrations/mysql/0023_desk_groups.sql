-- +goose Up

-- 合并收款: one sum of a party over several rooms. Each room has a payment and a desk entry of its own.
CREATE TABLE IF NOT EXISTS desk_groups (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  owner_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  no VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  channel VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  staff_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  staff_name VARCHAR(100) NOT NULL DEFAULT '',
  day_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  voucher_no VARCHAR(64) NOT NULL DEFAULT '',
  form_key VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payer_note VARCHAR(200) NOT NULL DEFAULT '',
  amount_fen BIGINT NOT NULL,
  payments INT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_desk_groups_community_id_no (community_id, no),
  UNIQUE KEY uq_desk_groups_form_key (form_key),
  UNIQUE KEY uq_desk_groups_owner_id_id (owner_id, id),
  CONSTRAINT fk_desk_groups_owner_id FOREIGN KEY (owner_id) REFERENCES owners (id),
  CONSTRAINT ck_desk_groups_1 CHECK (channel IN ('cash','card','transfer','alipay','cheque')),
  CONSTRAINT ck_desk_groups_2 CHECK (amount_fen > 0),
  CONSTRAINT ck_desk_groups_3 CHECK (payments > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
