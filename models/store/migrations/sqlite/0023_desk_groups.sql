-- +goose Up

-- 合并收款: one sum of a party over several rooms. Each room has a payment and a desk entry of its own.
CREATE TABLE desk_groups (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  owner_id TEXT NOT NULL,
  no TEXT NOT NULL,
  channel TEXT NOT NULL,
  staff_id TEXT NOT NULL,
  staff_name TEXT NOT NULL DEFAULT '',
  day_on TEXT NOT NULL,
  voucher_no TEXT NOT NULL DEFAULT '',
  form_key TEXT NOT NULL,
  payer_note TEXT NOT NULL DEFAULT '',
  amount_fen INTEGER NOT NULL,
  payments INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_desk_groups_community_id_no UNIQUE (community_id, no),
  CONSTRAINT uq_desk_groups_form_key UNIQUE (form_key),
  CONSTRAINT uq_desk_groups_owner_id_id UNIQUE (owner_id, id),
  CONSTRAINT fk_desk_groups_owner_id FOREIGN KEY (owner_id) REFERENCES owners (id),
  CONSTRAINT ck_desk_groups_1 CHECK (channel IN ('cash','card','transfer','alipay','cheque')),
  CONSTRAINT ck_desk_groups_2 CHECK (amount_fen > 0),
  CONSTRAINT ck_desk_groups_3 CHECK (payments > 0)
) STRICT;
