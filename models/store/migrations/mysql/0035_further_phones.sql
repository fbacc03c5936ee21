-- +goose Up

-- Further phone numbers of owners, to call them. The registered one, by which an owner binds, is in owners.
CREATE TABLE IF NOT EXISTS further_phones (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  owner_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  label VARCHAR(40) NOT NULL DEFAULT '',
  state VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  phone_cipher VARBINARY(255) NULL,
  phone_index CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  phone_last4 VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_further_phones_owner_id_phone_index (owner_id, phone_index),
  CONSTRAINT fk_further_phones_owner_id FOREIGN KEY (owner_id) REFERENCES owners (id),
  CONSTRAINT ck_further_phones_1 CHECK (state IN ('ok','stopped','vacant','wrong','off'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
