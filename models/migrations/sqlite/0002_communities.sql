-- 小区. Its default late-fee rule serves bills without a tariff of their own.
-- +goose Up
CREATE TABLE communities (
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  late_rate TEXT NOT NULL,
  grace_days INTEGER NOT NULL,
  late_cap TEXT NOT NULL DEFAULT '',
  settlement TEXT NOT NULL,
  merchant TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_communities_name UNIQUE (name),
  CONSTRAINT ck_communities_1 CHECK (settlement IN ('late_fee_first','principal_first')),
  CONSTRAINT ck_communities_2 CHECK (grace_days >= 0)
) STRICT;
