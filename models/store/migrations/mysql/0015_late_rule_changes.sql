-- +goose Up

-- A change of the default late-fee rule of a community, by two persons. open_key is the community while it is undecided.
-- With open_bills it counts for imported bills that are open, too: worked_to is the last one that was looked at.
CREATE TABLE IF NOT EXISTS late_rule_changes (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  late_rate VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  grace_days INTEGER NOT NULL,
  late_cap VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  from_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  open_bills TINYINT NOT NULL DEFAULT 0,
  reason VARCHAR(200) NOT NULL DEFAULT '',
  status VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  open_key CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NULL,
  asked_kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  asked_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  asked_name VARCHAR(100) NOT NULL DEFAULT '',
  decided_kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  decided_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  decided_name VARCHAR(100) NOT NULL DEFAULT '',
  decided_at BIGINT NOT NULL DEFAULT 0,
  note VARCHAR(200) NOT NULL DEFAULT '',
  worked_to VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  changed INTEGER NOT NULL DEFAULT 0,
  done TINYINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_late_rule_changes_open_key (open_key),
  UNIQUE KEY uq_late_rule_changes_community_id_from_on_id (community_id, from_on, id),
  CONSTRAINT fk_late_rule_changes_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_late_rule_changes_1 CHECK (status IN ('requested','approved','refused')),
  CONSTRAINT ck_late_rule_changes_2 CHECK (grace_days >= 0),
  CONSTRAINT ck_late_rule_changes_3 CHECK (decided_kind <> asked_kind OR decided_id <> asked_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
