-- +goose Up

-- Further phone numbers of owners, to call them. The registered one, by which an owner binds, is in owners.
CREATE TABLE further_phones (
  id TEXT NOT NULL,
  owner_id TEXT NOT NULL,
  label TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL,
  phone_cipher BLOB,
  phone_index TEXT NOT NULL DEFAULT '',
  phone_last4 TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_further_phones_owner_id_phone_index UNIQUE (owner_id, phone_index),
  CONSTRAINT fk_further_phones_owner_id FOREIGN KEY (owner_id) REFERENCES owners (id),
  CONSTRAINT ck_further_phones_1 CHECK (state IN ('ok','stopped','vacant','wrong','off'))
) STRICT;
