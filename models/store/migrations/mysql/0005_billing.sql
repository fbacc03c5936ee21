-- +goose Up

-- 账单批次: the billing of a community for a period, first looked at, then issued. open_key is community and period while
-- the run is not finished, so that there is one at a time. items holds the totals by fee item as JSON.
CREATE TABLE IF NOT EXISTS billing_runs (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  period CHAR(7) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  status VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  open_key VARCHAR(255) NULL,
  catch_up TINYINT NOT NULL DEFAULT 0,
  at_once TINYINT NOT NULL DEFAULT 0,
  after_key VARCHAR(64) NOT NULL DEFAULT '',
  rooms_total INT NOT NULL DEFAULT 0,
  rooms_done INT NOT NULL DEFAULT 0,
  batches INT NOT NULL DEFAULT 0,
  batches_issued INT NOT NULL DEFAULT 0,
  bills INT NOT NULL DEFAULT 0,
  principal_fen BIGINT NOT NULL DEFAULT 0,
  issued_bills INT NOT NULL DEFAULT 0,
  issued_fen BIGINT NOT NULL DEFAULT 0,
  offset_fen BIGINT NOT NULL DEFAULT 0,
  billed INT NOT NULL DEFAULT 0,
  items MEDIUMTEXT NOT NULL,
  oddities VARCHAR(1000) NOT NULL,
  note VARCHAR(500) NOT NULL DEFAULT '',
  made_kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  made_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  made_name VARCHAR(100) NOT NULL DEFAULT '',
  issued_kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  issued_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  issued_name VARCHAR(100) NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  drafted_at BIGINT NOT NULL DEFAULT 0,
  published_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_billing_runs_open_key (open_key),
  KEY ix_billing_runs_community_id_period (community_id, period),
  KEY ix_billing_runs_status (status),
  CONSTRAINT fk_billing_runs_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_billing_runs_1 CHECK (status IN ('drafting','draft','publishing','changed','published','discarded')),
  CONSTRAINT ck_billing_runs_2 CHECK (issued_bills >= 0),
  CONSTRAINT ck_billing_runs_3 CHECK (issued_fen >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The parts of a billing run: the rooms after after_key up to last_key (the last part: to the end), what was
-- previewed for them, and its digest, against which the issue is held.
CREATE TABLE IF NOT EXISTS billing_batches (
  run_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seq INT NOT NULL,
  after_key VARCHAR(64) NOT NULL DEFAULT '',
  last_key VARCHAR(64) NOT NULL DEFAULT '',
  rooms INT NOT NULL,
  bills INT NOT NULL,
  principal_fen BIGINT NOT NULL,
  digest CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  issued TINYINT NOT NULL DEFAULT 0,
  PRIMARY KEY (run_id, seq),
  CONSTRAINT fk_billing_batches_run_id FOREIGN KEY (run_id) REFERENCES billing_runs (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What staff should look at before a billing run is published. Some of each kind are kept; the run counts all.
CREATE TABLE IF NOT EXISTS billing_oddities (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  run_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  item VARCHAR(40) NOT NULL DEFAULT '',
  amount_fen BIGINT NOT NULL DEFAULT 0,
  usual_fen BIGINT NOT NULL DEFAULT 0,
  detail VARCHAR(200) NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  KEY ix_billing_oddities_run_id_kind (run_id, kind),
  CONSTRAINT fk_billing_oddities_run_id FOREIGN KEY (run_id) REFERENCES billing_runs (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- 公摊 and 一次性收费: an amount over rooms that take part, or one for each. open_key is what may be charged once, until all
-- its bills are void. Lines before next_seq have been issued, or made void while it is being voided.
CREATE TABLE IF NOT EXISTS charges (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  item VARCHAR(40) NOT NULL,
  period_start CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  period_end CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  total_fen BIGINT NOT NULL,
  share_by VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  scope VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  scope_text VARCHAR(100) NOT NULL DEFAULT '',
  occupied_only TINYINT NOT NULL DEFAULT 0,
  reason VARCHAR(200) NOT NULL DEFAULT '',
  due_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  late_rate VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  grace_days INT NOT NULL,
  late_cap VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  rooms INT NOT NULL,
  next_seq INT NOT NULL DEFAULT 0,
  status VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  open_key VARCHAR(255) NULL,
  made_kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  made_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  made_name VARCHAR(100) NOT NULL DEFAULT '',
  void_reason VARCHAR(200) NOT NULL DEFAULT '',
  void_kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  void_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  void_name VARCHAR(100) NOT NULL DEFAULT '',
  approved_kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  approved_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  approved_name VARCHAR(100) NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_charges_open_key (open_key),
  KEY ix_charges_community_id_created_at (community_id, created_at),
  CONSTRAINT fk_charges_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_charges_1 CHECK (kind IN ('shared','one_off')),
  CONSTRAINT ck_charges_2 CHECK (status IN ('issuing','issued','voiding','void')),
  CONSTRAINT ck_charges_3 CHECK (total_fen > 0),
  CONSTRAINT ck_charges_4 CHECK (grace_days >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A room's part in a charge, and the id that its bill has; none where the part is 0. The parts add up to the total.
CREATE TABLE IF NOT EXISTS charge_lines (
  charge_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seq INT NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  weight VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  amount_fen BIGINT NOT NULL,
  bill_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  PRIMARY KEY (charge_id, seq),
  UNIQUE KEY uq_charge_lines_charge_id_room_id (charge_id, room_id),
  CONSTRAINT fk_charge_lines_charge_id FOREIGN KEY (charge_id) REFERENCES charges (id),
  CONSTRAINT fk_charge_lines_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_charge_lines_1 CHECK (amount_fen >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
