-- +goose Up

-- 账单批次: the billing of a community for a period, first looked at, then issued. open_key is community and period while
-- the run is not finished, so that there is one at a time. items holds the totals by fee item as JSON.
CREATE TABLE billing_runs (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  period TEXT NOT NULL,
  status TEXT NOT NULL,
  open_key TEXT NULL,
  catch_up INTEGER NOT NULL DEFAULT 0,
  at_once INTEGER NOT NULL DEFAULT 0,
  after_key TEXT NOT NULL DEFAULT '',
  rooms_total INTEGER NOT NULL DEFAULT 0,
  rooms_done INTEGER NOT NULL DEFAULT 0,
  batches INTEGER NOT NULL DEFAULT 0,
  batches_issued INTEGER NOT NULL DEFAULT 0,
  bills INTEGER NOT NULL DEFAULT 0,
  principal_fen INTEGER NOT NULL DEFAULT 0,
  issued_bills INTEGER NOT NULL DEFAULT 0,
  issued_fen INTEGER NOT NULL DEFAULT 0,
  offset_fen INTEGER NOT NULL DEFAULT 0,
  billed INTEGER NOT NULL DEFAULT 0,
  items TEXT NOT NULL,
  oddities TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  made_kind TEXT NOT NULL DEFAULT '',
  made_id TEXT NOT NULL DEFAULT '',
  made_name TEXT NOT NULL DEFAULT '',
  issued_kind TEXT NOT NULL DEFAULT '',
  issued_id TEXT NOT NULL DEFAULT '',
  issued_name TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  drafted_at INTEGER NOT NULL DEFAULT 0,
  published_at INTEGER NOT NULL DEFAULT 0,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_billing_runs_open_key UNIQUE (open_key),
  CONSTRAINT fk_billing_runs_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_billing_runs_1 CHECK (status IN ('drafting','draft','publishing','changed','published','discarded')),
  CONSTRAINT ck_billing_runs_2 CHECK (issued_bills >= 0),
  CONSTRAINT ck_billing_runs_3 CHECK (issued_fen >= 0)
) STRICT;
CREATE INDEX ix_billing_runs_community_id_period ON billing_runs (community_id, period);
CREATE INDEX ix_billing_runs_status ON billing_runs (status);

-- The parts of a billing run: the rooms after after_key up to last_key (the last part: to the end), what was
-- previewed for them, and its digest, against which the issue is held.
CREATE TABLE billing_batches (
  run_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  after_key TEXT NOT NULL DEFAULT '',
  last_key TEXT NOT NULL DEFAULT '',
  rooms INTEGER NOT NULL,
  bills INTEGER NOT NULL,
  principal_fen INTEGER NOT NULL,
  digest TEXT NOT NULL,
  issued INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (run_id, seq),
  CONSTRAINT fk_billing_batches_run_id FOREIGN KEY (run_id) REFERENCES billing_runs (id)
) STRICT;

-- What staff should look at before a billing run is published. Some of each kind are kept; the run counts all.
CREATE TABLE billing_oddities (
  id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  room_id TEXT NOT NULL,
  item TEXT NOT NULL DEFAULT '',
  amount_fen INTEGER NOT NULL DEFAULT 0,
  usual_fen INTEGER NOT NULL DEFAULT 0,
  detail TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  CONSTRAINT fk_billing_oddities_run_id FOREIGN KEY (run_id) REFERENCES billing_runs (id)
) STRICT;
CREATE INDEX ix_billing_oddities_run_id_kind ON billing_oddities (run_id, kind);

-- 公摊 and 一次性收费: an amount over rooms that take part, or one for each. open_key is what may be charged once, until all
-- its bills are void. Lines before next_seq have been issued, or made void while it is being voided.
CREATE TABLE charges (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  item TEXT NOT NULL,
  period_start TEXT NOT NULL,
  period_end TEXT NOT NULL,
  total_fen INTEGER NOT NULL,
  share_by TEXT NOT NULL DEFAULT '',
  scope TEXT NOT NULL DEFAULT '',
  scope_text TEXT NOT NULL DEFAULT '',
  occupied_only INTEGER NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '',
  due_on TEXT NOT NULL,
  late_rate TEXT NOT NULL,
  grace_days INTEGER NOT NULL,
  late_cap TEXT NOT NULL DEFAULT '',
  rooms INTEGER NOT NULL,
  next_seq INTEGER NOT NULL DEFAULT 0,
  status TEXT NOT NULL,
  open_key TEXT NULL,
  made_kind TEXT NOT NULL DEFAULT '',
  made_id TEXT NOT NULL DEFAULT '',
  made_name TEXT NOT NULL DEFAULT '',
  void_reason TEXT NOT NULL DEFAULT '',
  void_kind TEXT NOT NULL DEFAULT '',
  void_id TEXT NOT NULL DEFAULT '',
  void_name TEXT NOT NULL DEFAULT '',
  approved_kind TEXT NOT NULL DEFAULT '',
  approved_id TEXT NOT NULL DEFAULT '',
  approved_name TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_charges_open_key UNIQUE (open_key),
  CONSTRAINT fk_charges_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_charges_1 CHECK (kind IN ('shared','one_off')),
  CONSTRAINT ck_charges_2 CHECK (status IN ('issuing','issued','voiding','void')),
  CONSTRAINT ck_charges_3 CHECK (total_fen > 0),
  CONSTRAINT ck_charges_4 CHECK (grace_days >= 0)
) STRICT;
CREATE INDEX ix_charges_community_id_created_at ON charges (community_id, created_at);

-- A room's part in a charge, and the id that its bill has; none where the part is 0. The parts add up to the total.
CREATE TABLE charge_lines (
  charge_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  room_id TEXT NOT NULL,
  weight TEXT NOT NULL DEFAULT '',
  amount_fen INTEGER NOT NULL,
  bill_id TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (charge_id, seq),
  CONSTRAINT uq_charge_lines_charge_id_room_id UNIQUE (charge_id, room_id),
  CONSTRAINT fk_charge_lines_charge_id FOREIGN KEY (charge_id) REFERENCES charges (id),
  CONSTRAINT fk_charge_lines_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_charge_lines_1 CHECK (amount_fen >= 0)
) STRICT;
