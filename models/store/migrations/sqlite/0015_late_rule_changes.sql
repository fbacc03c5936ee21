-- +goose Up

-- A change of the default late-fee rule of a community, by two persons. open_key is the community while it is undecided.
-- With open_bills it counts for imported bills that are open, too: worked_to is the last one that was looked at.
CREATE TABLE late_rule_changes (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  late_rate TEXT NOT NULL,
  grace_days INTEGER NOT NULL,
  late_cap TEXT NOT NULL DEFAULT '',
  from_on TEXT NOT NULL,
  open_bills INTEGER NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL,
  open_key TEXT NULL,
  asked_kind TEXT NOT NULL DEFAULT '',
  asked_id TEXT NOT NULL DEFAULT '',
  asked_name TEXT NOT NULL DEFAULT '',
  decided_kind TEXT NOT NULL DEFAULT '',
  decided_id TEXT NOT NULL DEFAULT '',
  decided_name TEXT NOT NULL DEFAULT '',
  decided_at INTEGER NOT NULL DEFAULT 0,
  note TEXT NOT NULL DEFAULT '',
  worked_to TEXT NOT NULL DEFAULT '',
  changed INTEGER NOT NULL DEFAULT 0,
  done INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_late_rule_changes_open_key UNIQUE (open_key),
  CONSTRAINT uq_late_rule_changes_community_id_from_on_id UNIQUE (community_id, from_on, id),
  CONSTRAINT fk_late_rule_changes_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_late_rule_changes_1 CHECK (status IN ('requested','approved','refused')),
  CONSTRAINT ck_late_rule_changes_2 CHECK (grace_days >= 0),
  CONSTRAINT ck_late_rule_changes_3 CHECK (decided_kind <> asked_kind OR decided_id <> asked_id)
) STRICT;
