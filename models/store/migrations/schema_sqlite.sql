-- Today's schema, as the migrations make it. Written by make generate; do not edit.

CREATE TABLE allocations (
  id TEXT NOT NULL,
  payment_id TEXT NOT NULL DEFAULT '',
  bill_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  principal_fen INTEGER NOT NULL,
  late_fee_fen INTEGER NOT NULL,
  effective_on TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT fk_allocations_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id)
) STRICT;
CREATE INDEX ix_allocations_bill_id_effective_on ON allocations (bill_id, effective_on);
CREATE INDEX ix_allocations_payment_id ON allocations (payment_id);
CREATE INDEX ix_allocations_room_id ON allocations (room_id);

CREATE TABLE attempts (
  subject TEXT NOT NULL,
  day TEXT NOT NULL,
  failures INTEGER NOT NULL,
  PRIMARY KEY (subject, day)
) STRICT;

CREATE TABLE audit (
  id TEXT NOT NULL,
  at INTEGER NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id TEXT NOT NULL DEFAULT '',
  actor_name TEXT NOT NULL DEFAULT '',
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  subject_id TEXT NOT NULL DEFAULT '',
  detail TEXT NOT NULL DEFAULT '',
  request_id TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (id)
) STRICT;
CREATE INDEX ix_audit_actor_id_at ON audit (actor_id, at);
CREATE INDEX ix_audit_at ON audit (at);
CREATE INDEX ix_audit_subject_subject_id ON audit (subject, subject_id);

CREATE TABLE bank_mandates (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  owner_id TEXT NOT NULL DEFAULT '',
  active_room_id TEXT,
  agreement_no TEXT NOT NULL,
  active_agreement TEXT,
  bank_name TEXT NOT NULL,
  holder_cipher BLOB NOT NULL,
  account_cipher BLOB NOT NULL,
  account_last4 TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL,
  made_name TEXT NOT NULL DEFAULT '',
  ended_name TEXT NOT NULL DEFAULT '',
  ended_at INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_bank_mandates_active_room_id UNIQUE (active_room_id),
  CONSTRAINT uq_bank_mandates_community_id_active_agreement UNIQUE (community_id, active_agreement),
  CONSTRAINT fk_bank_mandates_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_bank_mandates_1 CHECK (status IN ('active','ended')),
  CONSTRAINT ck_bank_mandates_2 CHECK ((status = 'active') = (active_room_id IS NOT NULL))
) STRICT;
CREATE INDEX ix_bank_mandates_community_id_status ON bank_mandates (community_id, status);
CREATE INDEX ix_bank_mandates_room_id ON bank_mandates (room_id);

CREATE TABLE bill_entries (
  id TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  principal_fen INTEGER NOT NULL,
  late_fee_fen INTEGER NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  request_id TEXT NOT NULL DEFAULT '',
  asked_kind TEXT NOT NULL,
  asked_id TEXT NOT NULL DEFAULT '',
  asked_name TEXT NOT NULL DEFAULT '',
  approved_kind TEXT NOT NULL,
  approved_id TEXT NOT NULL DEFAULT '',
  approved_name TEXT NOT NULL DEFAULT '',
  effective_on TEXT NOT NULL,
  booked_on TEXT NOT NULL,
  created_at INTEGER NOT NULL, rule_before TEXT NOT NULL DEFAULT '', rule_after TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  CONSTRAINT fk_bill_entries_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id),
  CONSTRAINT ck_bill_entries_1 CHECK (kind IN ('waiver','correction','void','discount')),
  CONSTRAINT ck_bill_entries_2 CHECK ((kind = 'waiver' AND principal_fen = 0) OR (kind <> 'waiver' AND late_fee_fen = 0)),
  CONSTRAINT ck_bill_entries_3 CHECK (kind <> 'discount' OR principal_fen <> 0),
  CONSTRAINT ck_bill_entries_4 CHECK (kind <> 'void' OR principal_fen <= 0),
  CONSTRAINT ck_bill_entries_5 CHECK (asked_kind = 'system' OR approved_kind <> asked_kind OR approved_id <> asked_id)
) STRICT;
CREATE INDEX ix_bill_entries_bill_id_id ON bill_entries (bill_id, id);
CREATE INDEX ix_bill_entries_request_id ON bill_entries (request_id);
CREATE INDEX ix_bill_entries_room_id_booked_on ON bill_entries (room_id, booked_on);

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
  updated_at INTEGER NOT NULL, gaps TEXT NOT NULL DEFAULT '', summary TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  CONSTRAINT uq_billing_runs_open_key UNIQUE (open_key),
  CONSTRAINT fk_billing_runs_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_billing_runs_1 CHECK (status IN ('drafting','draft','publishing','changed','published','discarded')),
  CONSTRAINT ck_billing_runs_2 CHECK (issued_bills >= 0),
  CONSTRAINT ck_billing_runs_3 CHECK (issued_fen >= 0)
) STRICT;
CREATE INDEX ix_billing_runs_community_id_period ON billing_runs (community_id, period);
CREATE INDEX ix_billing_runs_status ON billing_runs (status);

CREATE TABLE bills (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  owner_id TEXT NOT NULL DEFAULT '',
  item TEXT NOT NULL,
  period_start TEXT NOT NULL,
  period_end TEXT NOT NULL,
  issued_on TEXT NOT NULL,
  due_on TEXT NOT NULL,
  status TEXT NOT NULL,
  principal_fen INTEGER NOT NULL,
  discount_fen INTEGER NOT NULL DEFAULT 0,
  opening_paid_fen INTEGER NOT NULL DEFAULT 0,
  paid_principal_fen INTEGER NOT NULL DEFAULT 0,
  paid_late_fee_fen INTEGER NOT NULL DEFAULT 0,
  waived_late_fee_fen INTEGER NOT NULL DEFAULT 0,
  late_rate TEXT NOT NULL,
  grace_days INTEGER NOT NULL,
  late_cap TEXT NOT NULL DEFAULT '',
  basis TEXT NOT NULL,
  tariff_id TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL,
  disputed INTEGER NOT NULL DEFAULT 0,
  void_seq INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  batch_id TEXT NOT NULL DEFAULT '',
  entry_count INTEGER NOT NULL DEFAULT 0,
  plan_id TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  CONSTRAINT uq_bills_room_id_item_period_start_period_end_void_seq UNIQUE (room_id, item, period_start, period_end, void_seq),
  CONSTRAINT fk_bills_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_bills_1 CHECK (status IN ('unpaid','partial','paid','void')),
  CONSTRAINT ck_bills_2 CHECK (principal_fen >= 0),
  CONSTRAINT ck_bills_3 CHECK (discount_fen >= 0),
  CONSTRAINT ck_bills_4 CHECK (opening_paid_fen >= 0),
  CONSTRAINT ck_bills_5 CHECK (paid_principal_fen >= opening_paid_fen),
  CONSTRAINT ck_bills_6 CHECK (paid_principal_fen + discount_fen <= principal_fen),
  CONSTRAINT ck_bills_7 CHECK (paid_late_fee_fen >= 0),
  CONSTRAINT ck_bills_8 CHECK (waived_late_fee_fen >= 0),
  CONSTRAINT ck_bills_9 CHECK (grace_days >= 0)
) STRICT;
CREATE INDEX ix_bills_batch_id ON bills (batch_id);
CREATE INDEX ix_bills_community_id_period_start ON bills (community_id, period_start);
CREATE INDEX ix_bills_room_id_status_due_on ON bills (room_id, status, due_on, item, principal_fen, discount_fen, paid_principal_fen);
CREATE INDEX ix_bills_status_due_on_room_id ON bills (status, due_on, room_id);

CREATE TABLE bindings (
  id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  role TEXT NOT NULL,
  source TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  owner_id TEXT NOT NULL DEFAULT '',
  from_on TEXT NOT NULL DEFAULT '',
  until_on TEXT NOT NULL DEFAULT '',
  items TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  CONSTRAINT uq_bindings_user_id_room_id UNIQUE (user_id, room_id),
  CONSTRAINT fk_bindings_user_id FOREIGN KEY (user_id) REFERENCES users (id),
  CONSTRAINT fk_bindings_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_bindings_1 CHECK (role IN ('owner','family','tenant','payer'))
) STRICT;
CREATE INDEX ix_bindings_room_id ON bindings (room_id);

CREATE TABLE cache_entries (
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (name)
) STRICT;

CREATE TABLE callback_events (
  id TEXT NOT NULL,
  merchant TEXT NOT NULL,
  notification_id TEXT NOT NULL,
  order_no TEXT NOT NULL DEFAULT '',
  transaction_id TEXT NOT NULL DEFAULT '',
  amount_fen INTEGER NOT NULL DEFAULT 0,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT '',
  times INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_callback_events_merchant_notification_id UNIQUE (merchant, notification_id)
) STRICT;
CREATE INDEX ix_callback_events_created_at ON callback_events (created_at);

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

CREATE TABLE collection_batches (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  number TEXT NOT NULL,
  due_by TEXT NOT NULL,
  status TEXT NOT NULL,
  line_count INTEGER NOT NULL DEFAULT 0,
  amount_fen INTEGER NOT NULL DEFAULT 0,
  paid_count INTEGER NOT NULL DEFAULT 0,
  paid_fen INTEGER NOT NULL DEFAULT 0,
  failed_count INTEGER NOT NULL DEFAULT 0,
  failed_fen INTEGER NOT NULL DEFAULT 0,
  collected_on TEXT NOT NULL DEFAULT '',
  answer_sha256 TEXT NOT NULL DEFAULT '',
  made_name TEXT NOT NULL DEFAULT '',
  exported_name TEXT NOT NULL DEFAULT '',
  answered_name TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  exported_at INTEGER NOT NULL DEFAULT 0,
  answered_at INTEGER NOT NULL DEFAULT 0,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_collection_batches_community_id_number UNIQUE (community_id, number),
  CONSTRAINT fk_collection_batches_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_collection_batches_1 CHECK (status IN ('made','sent','answered','cancelled')),
  CONSTRAINT ck_collection_batches_2 CHECK (amount_fen >= 0)
) STRICT;
CREATE INDEX ix_collection_batches_community_id_created_at ON collection_batches (community_id, created_at);

CREATE TABLE collection_bills (
  line_id TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  principal_fen INTEGER NOT NULL,
  late_fee_fen INTEGER NOT NULL,
  open_bill_id TEXT,
  PRIMARY KEY (line_id, bill_id),
  CONSTRAINT uq_collection_bills_open_bill_id UNIQUE (open_bill_id),
  CONSTRAINT fk_collection_bills_line_id FOREIGN KEY (line_id) REFERENCES collection_lines (id),
  CONSTRAINT fk_collection_bills_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id),
  CONSTRAINT ck_collection_bills_1 CHECK (principal_fen >= 0),
  CONSTRAINT ck_collection_bills_2 CHECK (late_fee_fen >= 0),
  CONSTRAINT ck_collection_bills_3 CHECK (principal_fen + late_fee_fen > 0)
) STRICT;
CREATE INDEX ix_collection_bills_bill_id ON collection_bills (bill_id);

CREATE TABLE collection_lines (
  id TEXT NOT NULL,
  batch_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  room_id TEXT NOT NULL,
  mandate_id TEXT NOT NULL,
  amount_fen INTEGER NOT NULL,
  status TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  payment_id TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_collection_lines_batch_id_number UNIQUE (batch_id, number),
  CONSTRAINT fk_collection_lines_batch_id FOREIGN KEY (batch_id) REFERENCES collection_batches (id),
  CONSTRAINT fk_collection_lines_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT fk_collection_lines_mandate_id FOREIGN KEY (mandate_id) REFERENCES bank_mandates (id),
  CONSTRAINT ck_collection_lines_1 CHECK (status IN ('waiting','paid','failed','cancelled')),
  CONSTRAINT ck_collection_lines_2 CHECK (amount_fen > 0),
  CONSTRAINT ck_collection_lines_3 CHECK ((status = 'paid') = (payment_id <> '')),
  CONSTRAINT ck_collection_lines_4 CHECK (status <> 'failed' OR reason <> '')
) STRICT;
CREATE INDEX ix_collection_lines_payment_id ON collection_lines (payment_id);
CREATE INDEX ix_collection_lines_room_id ON collection_lines (room_id);

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
  bill_day INTEGER NOT NULL DEFAULT 0, name_key TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  CONSTRAINT uq_communities_name UNIQUE (name),
  CONSTRAINT ck_communities_1 CHECK (settlement IN ('late_fee_first','principal_first')),
  CONSTRAINT ck_communities_2 CHECK (grace_days >= 0),
  CONSTRAINT ck_communities_3 CHECK (bill_day BETWEEN 0 AND 28)
) STRICT;
CREATE UNIQUE INDEX uq_communities_name_key ON communities (name_key);

CREATE TABLE desk_days (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  staff_id TEXT NOT NULL,
  staff_name TEXT NOT NULL DEFAULT '',
  channel TEXT NOT NULL,
  day_on TEXT NOT NULL,
  status TEXT NOT NULL,
  booked_count INTEGER NOT NULL DEFAULT 0,
  booked_fen INTEGER NOT NULL DEFAULT 0,
  reversed_count INTEGER NOT NULL DEFAULT 0,
  reversed_fen INTEGER NOT NULL DEFAULT 0,
  counted_fen INTEGER NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '',
  closed_id TEXT NOT NULL DEFAULT '',
  closed_name TEXT NOT NULL DEFAULT '',
  closed_at INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_desk_days_community_id_staff_id_channel_day_on UNIQUE (community_id, staff_id, channel, day_on),
  CONSTRAINT fk_desk_days_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_desk_days_1 CHECK (status IN ('open','closed')),
  CONSTRAINT ck_desk_days_2 CHECK (booked_fen >= 0),
  CONSTRAINT ck_desk_days_3 CHECK (reversed_fen >= 0),
  CONSTRAINT ck_desk_days_4 CHECK (status = 'open' OR counted_fen = booked_fen - reversed_fen OR reason <> ''),
  CONSTRAINT ck_desk_days_5 CHECK (status = 'open' OR closed_at > 0)
) STRICT;
CREATE INDEX ix_desk_days_day_on_community_id ON desk_days (day_on, community_id);

CREATE TABLE desk_entries (
  payment_id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  channel TEXT NOT NULL,
  staff_id TEXT NOT NULL,
  staff_name TEXT NOT NULL DEFAULT '',
  day_on TEXT NOT NULL,
  voucher_no TEXT NOT NULL DEFAULT '',
  voucher_key TEXT,
  form_key TEXT NOT NULL,
  payer_note TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  PRIMARY KEY (payment_id),
  CONSTRAINT uq_desk_entries_community_id_channel_voucher_key UNIQUE (community_id, channel, voucher_key),
  CONSTRAINT uq_desk_entries_form_key UNIQUE (form_key),
  CONSTRAINT fk_desk_entries_payment_id FOREIGN KEY (payment_id) REFERENCES payments (id),
  CONSTRAINT ck_desk_entries_1 CHECK (voucher_key IS NULL OR voucher_key <> '')
) STRICT;
CREATE INDEX ix_desk_entries_community_id_day_on_staff_id_channel ON desk_entries (community_id, day_on, staff_id, channel);
CREATE INDEX ix_desk_entries_room_id ON desk_entries (room_id);

CREATE TABLE desk_group_payments (
  payment_id TEXT NOT NULL,
  group_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (payment_id),
  CONSTRAINT uq_desk_group_payments_group_id_seq UNIQUE (group_id, seq),
  CONSTRAINT fk_desk_group_payments_group_id FOREIGN KEY (group_id) REFERENCES desk_groups (id),
  CONSTRAINT fk_desk_group_payments_payment_id FOREIGN KEY (payment_id) REFERENCES desk_entries (payment_id)
) STRICT;

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

CREATE TABLE developers (
  owner_id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  contact TEXT NOT NULL DEFAULT '',
  from_on TEXT NOT NULL DEFAULT '',
  made_kind TEXT NOT NULL,
  made_id TEXT NOT NULL DEFAULT '',
  made_name TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (owner_id),
  CONSTRAINT uq_developers_community_id UNIQUE (community_id),
  CONSTRAINT fk_developers_owner_id FOREIGN KEY (owner_id) REFERENCES owners (id),
  CONSTRAINT fk_developers_community_id FOREIGN KEY (community_id) REFERENCES communities (id)
) STRICT;

CREATE TABLE evidence (
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  merchant TEXT NOT NULL,
  order_no TEXT NOT NULL DEFAULT '',
  refund_no TEXT NOT NULL DEFAULT '',
  notification_id TEXT NOT NULL DEFAULT '',
  request_id TEXT NOT NULL DEFAULT '',
  verdict TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT '',
  status INTEGER NOT NULL DEFAULT 0,
  serial TEXT NOT NULL DEFAULT '',
  signed_at TEXT NOT NULL DEFAULT '',
  nonce TEXT NOT NULL DEFAULT '',
  signature TEXT NOT NULL DEFAULT '',
  body_size INTEGER NOT NULL DEFAULT 0,
  body_sha256 TEXT NOT NULL DEFAULT '',
  sealed INTEGER NOT NULL DEFAULT 0,
  body BLOB NOT NULL,
  times INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id)
) STRICT;
CREATE INDEX ix_evidence_created_at ON evidence (created_at);
CREATE INDEX ix_evidence_order_no ON evidence (order_no);

CREATE TABLE fee_items (
  community_id TEXT NOT NULL,
  item_key TEXT NOT NULL,
  item TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (community_id, item_key),
  CONSTRAINT uq_fee_items_community_id_item UNIQUE (community_id, item),
  CONSTRAINT fk_fee_items_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_fee_items_1 CHECK (item_key <> '' AND item <> '')
) STRICT;

CREATE TABLE finding_bookings (
  id TEXT NOT NULL,
  finding_id TEXT NOT NULL,
  merchant TEXT NOT NULL,
  transaction_id TEXT NOT NULL,
  amount_fen INTEGER NOT NULL,
  community_id TEXT NOT NULL DEFAULT '',
  room_id TEXT NOT NULL DEFAULT '',
  asked_id TEXT NOT NULL,
  asked_name TEXT NOT NULL,
  approved_id TEXT NOT NULL,
  approved_name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  to_room_id TEXT NOT NULL DEFAULT '',
  to_asked_id TEXT NOT NULL DEFAULT '',
  to_asked_name TEXT NOT NULL DEFAULT '',
  to_approved_id TEXT NOT NULL DEFAULT '',
  to_approved_name TEXT NOT NULL DEFAULT '',
  to_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  CONSTRAINT uq_finding_bookings_finding_id UNIQUE (finding_id),
  CONSTRAINT uq_finding_bookings_transaction_id UNIQUE (transaction_id),
  CONSTRAINT ck_finding_bookings_1 CHECK (amount_fen > 0),
  CONSTRAINT ck_finding_bookings_2 CHECK (asked_id <> approved_id),
  CONSTRAINT ck_finding_bookings_3 CHECK (to_at = 0 OR (room_id = '' AND to_room_id <> '' AND to_asked_id <> to_approved_id))
) STRICT;

CREATE TABLE findings (
  id TEXT NOT NULL,
  merchant TEXT NOT NULL,
  bill_on TEXT NOT NULL,
  kind TEXT NOT NULL,
  order_no TEXT NOT NULL DEFAULT '',
  transaction_id TEXT NOT NULL DEFAULT '',
  ours_fen INTEGER NOT NULL,
  theirs_fen INTEGER NOT NULL,
  resolution TEXT NOT NULL DEFAULT '',
  resolved_by TEXT NOT NULL DEFAULT '',
  resolved_at INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  evidence TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  asked_action TEXT NOT NULL DEFAULT '' CHECK (asked_action IN ('','surplus','suspense')),
  asked_room_id TEXT NOT NULL DEFAULT '',
  asked_id TEXT NOT NULL DEFAULT '',
  asked_name TEXT NOT NULL DEFAULT '',
  asked_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  CONSTRAINT uq_findings_merchant_bill_on_kind_order_no_transaction_id UNIQUE (merchant, bill_on, kind, order_no, transaction_id)
) STRICT;
CREATE INDEX ix_findings_resolution_bill_on ON findings (resolution, bill_on);

CREATE TABLE foreign_days (
  merchant TEXT NOT NULL,
  bill_on TEXT NOT NULL,
  payments INTEGER NOT NULL,
  paid_fen INTEGER NOT NULL,
  refunds INTEGER NOT NULL,
  refunds_fen INTEGER NOT NULL,
  settled_fen INTEGER NOT NULL,
  returned_fen INTEGER NOT NULL,
  fee_fen TEXT NOT NULL,
  flow_payments INTEGER NOT NULL,
  flow_paid_fen INTEGER NOT NULL,
  flow_refunds INTEGER NOT NULL,
  flow_returned_fen INTEGER NOT NULL,
  flow_fee_fen INTEGER NOT NULL,
  PRIMARY KEY (merchant, bill_on),
  CONSTRAINT fk_foreign_days_merchant_bill_on FOREIGN KEY (merchant, bill_on) REFERENCES reconciliations (merchant, bill_on),
  CONSTRAINT ck_foreign_days_1 CHECK (payments >= 0 AND refunds >= 0 AND flow_payments >= 0 AND flow_refunds >= 0)
) STRICT;

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

CREATE TABLE holidays (
  id TEXT NOT NULL,
  day TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  made_kind TEXT NOT NULL,
  made_id TEXT NOT NULL DEFAULT '',
  made_name TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_holidays_day UNIQUE (day),
  CONSTRAINT ck_holidays_1 CHECK (kind IN ('holiday','workday'))
) STRICT;

CREATE TABLE idempotency_keys (
  user_id TEXT NOT NULL,
  idem_key TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  state TEXT NOT NULL,
  status INTEGER NOT NULL DEFAULT 0,
  answer TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, idem_key)
) STRICT;
CREATE INDEX ix_idempotency_keys_created_at ON idempotency_keys (created_at);

CREATE TABLE import_blocks (
  import_id TEXT NOT NULL,
  block INTEGER NOT NULL,
  rows_end INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (import_id, block),
  CONSTRAINT fk_import_blocks_import_id FOREIGN KEY (import_id) REFERENCES import_runs (id)
) STRICT;

CREATE TABLE import_holds (
  community_id TEXT NOT NULL,
  import_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (community_id),
  CONSTRAINT fk_import_holds_import_id FOREIGN KEY (import_id) REFERENCES import_runs (id)
) STRICT;
CREATE INDEX ix_import_holds_import_id ON import_holds (import_id);

CREATE TABLE import_parts (
  import_id TEXT NOT NULL,
  part INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (import_id, part),
  CONSTRAINT fk_import_parts_import_id FOREIGN KEY (import_id) REFERENCES import_runs (id)
) STRICT;

CREATE TABLE import_rows (
  import_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  sheet TEXT NOT NULL,
  number INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (import_id, seq),
  CONSTRAINT fk_import_rows_import_id FOREIGN KEY (import_id) REFERENCES import_runs (id),
  CONSTRAINT ck_import_rows_1 CHECK (outcome IN ('wrong','added','changed','unchanged','left_out'))
) STRICT;
CREATE INDEX ix_import_rows_import_id_outcome_seq ON import_rows (import_id, outcome, seq);

CREATE TABLE import_runs (
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL DEFAULT '',
  size_bytes INTEGER NOT NULL DEFAULT 0,
  parts INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  made_kind TEXT NOT NULL DEFAULT '',
  made_id TEXT NOT NULL DEFAULT '',
  made_name TEXT NOT NULL DEFAULT '',
  queued_at INTEGER NOT NULL DEFAULT 0,
  rows_read INTEGER NOT NULL DEFAULT 0,
  rows_added INTEGER NOT NULL DEFAULT 0,
  rows_changed INTEGER NOT NULL DEFAULT 0,
  rows_unchanged INTEGER NOT NULL DEFAULT 0,
  rows_wrong INTEGER NOT NULL DEFAULT 0,
  rows_left_out INTEGER NOT NULL DEFAULT 0,
  warnings INTEGER NOT NULL DEFAULT 0,
  amount_fen INTEGER NOT NULL DEFAULT 0,
  sheets TEXT NOT NULL DEFAULT '',
  headings TEXT NOT NULL DEFAULT '',
  ignored TEXT NOT NULL DEFAULT '',
  rows_done INTEGER NOT NULL DEFAULT 0,
  blocks INTEGER NOT NULL DEFAULT 0,
  undone INTEGER NOT NULL DEFAULT 0,
  kept INTEGER NOT NULL DEFAULT 0,
  committed_kind TEXT NOT NULL DEFAULT '',
  committed_id TEXT NOT NULL DEFAULT '',
  committed_name TEXT NOT NULL DEFAULT '',
  asked_kind TEXT NOT NULL DEFAULT '',
  asked_id TEXT NOT NULL DEFAULT '',
  asked_name TEXT NOT NULL DEFAULT '',
  back_reason TEXT NOT NULL DEFAULT '',
  back_kind TEXT NOT NULL DEFAULT '',
  back_id TEXT NOT NULL DEFAULT '',
  back_name TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  checked_at INTEGER NOT NULL DEFAULT 0,
  done_at INTEGER NOT NULL DEFAULT 0,
  back_at INTEGER NOT NULL DEFAULT 0,
  purged_at INTEGER NOT NULL DEFAULT 0,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_import_runs_1 CHECK (state IN ('uploaded','checked','refused','discarded','committing','undoing','done','taking_back','taken_back')),
  CONSTRAINT ck_import_runs_2 CHECK (size_bytes >= 0 AND parts >= 0),
  CONSTRAINT ck_import_runs_3 CHECK (undone <= blocks),
  CONSTRAINT ck_import_runs_4 CHECK (asked_kind = '' OR back_kind = '' OR asked_kind = 'system' OR asked_kind <> back_kind OR asked_id <> back_id OR kind <> 'arrears')
) STRICT;
CREATE INDEX ix_import_runs_created_at ON import_runs (created_at);
CREATE INDEX ix_import_runs_queued_at ON import_runs (queued_at);

CREATE TABLE imports (
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  rows_read INTEGER NOT NULL,
  rows_added INTEGER NOT NULL,
  rows_changed INTEGER NOT NULL,
  warnings INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id)
) STRICT;
CREATE INDEX ix_imports_created_at ON imports (created_at);

CREATE TABLE invoice_requests (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  payment_id TEXT NOT NULL,
  order_no TEXT NOT NULL DEFAULT '',
  user_id TEXT NOT NULL DEFAULT '',
  active TEXT,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  tax_no TEXT NOT NULL DEFAULT '',
  amount_fen INTEGER NOT NULL,
  status TEXT NOT NULL,
  invoice_no TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  decided_id TEXT NOT NULL DEFAULT '',
  decided_name TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  decided_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  CONSTRAINT uq_invoice_requests_active UNIQUE (active),
  CONSTRAINT ck_invoice_requests_1 CHECK (kind IN ('personal','company')),
  CONSTRAINT ck_invoice_requests_2 CHECK (status IN ('asked','issued','refused')),
  CONSTRAINT ck_invoice_requests_3 CHECK ((kind = 'company') = (tax_no <> '')),
  CONSTRAINT ck_invoice_requests_4 CHECK ((status = 'issued') = (invoice_no <> '')),
  CONSTRAINT ck_invoice_requests_5 CHECK ((status = 'asked') = (decided_at = 0)),
  CONSTRAINT ck_invoice_requests_6 CHECK (amount_fen > 0)
) STRICT;
CREATE INDEX ix_invoice_requests_payment_id ON invoice_requests (payment_id);
CREATE INDEX ix_invoice_requests_room_id_created_at ON invoice_requests (room_id, created_at);
CREATE INDEX ix_invoice_requests_status_id ON invoice_requests (status, id);

CREATE TABLE job_runs (
  job TEXT NOT NULL,
  slot TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER NOT NULL DEFAULT 0,
  outcome TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (job, slot)
) STRICT;
CREATE INDEX ix_job_runs_started_at ON job_runs (started_at);

CREATE TABLE journal (
  id TEXT NOT NULL,
  booked_at INTEGER NOT NULL,
  booked_on TEXT NOT NULL,
  kind TEXT NOT NULL,
  debit TEXT NOT NULL,
  credit TEXT NOT NULL,
  amount_fen INTEGER NOT NULL,
  community_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  bill_id TEXT NOT NULL DEFAULT '',
  payment_id TEXT NOT NULL DEFAULT '',
  merchant TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  CONSTRAINT ck_journal_1 CHECK (amount_fen > 0),
  CONSTRAINT ck_journal_2 CHECK (debit <> credit)
) STRICT;
CREATE INDEX ix_journal_booked_on ON journal (booked_on);
CREATE INDEX ix_journal_payment_id ON journal (payment_id);
CREATE INDEX ix_journal_room_id_booked_on ON journal (room_id, booked_on);

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

CREATE TABLE leases (
  name TEXT NOT NULL,
  holder TEXT NOT NULL,
  until_at INTEGER NOT NULL,
  PRIMARY KEY (name)
) STRICT;

CREATE TABLE merchant_rules (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  item TEXT NOT NULL DEFAULT '',
  merchant TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_merchant_rules_community_id_item UNIQUE (community_id, item),
  CONSTRAINT fk_merchant_rules_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_merchant_rules_1 CHECK (merchant <> '')
) STRICT;

CREATE TABLE merchant_states (
  merchant TEXT NOT NULL,
  callback_at INTEGER NOT NULL DEFAULT 0,
  bill_on TEXT NOT NULL DEFAULT '',
  bill_at INTEGER NOT NULL DEFAULT 0,
  error_at INTEGER NOT NULL DEFAULT 0,
  error_in TEXT NOT NULL DEFAULT '',
  error_text TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (merchant)
) STRICT;

CREATE TABLE meta (
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (name)
) STRICT;

CREATE TABLE meter_multipliers (
  id TEXT NOT NULL,
  meter_id TEXT NOT NULL,
  until_on TEXT NOT NULL,
  multiplier TEXT NOT NULL,
  reason TEXT NOT NULL,
  by_name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_meter_multipliers_meter_id_until_on UNIQUE (meter_id, until_on),
  CONSTRAINT fk_meter_multipliers_meter_id FOREIGN KEY (meter_id) REFERENCES meters (id)
) STRICT;

CREATE TABLE meter_usages (
  id TEXT NOT NULL,
  reading_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  item TEXT NOT NULL,
  period_start TEXT NOT NULL,
  quantity TEXT NOT NULL,
  bill_id TEXT NOT NULL DEFAULT '',
  waiting INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_meter_usages_reading_id_bill_id UNIQUE (reading_id, bill_id),
  CONSTRAINT fk_meter_usages_reading_id FOREIGN KEY (reading_id) REFERENCES readings (id),
  CONSTRAINT ck_meter_usages_1 CHECK (waiting = 0 OR bill_id = '')
) STRICT;
CREATE INDEX ix_meter_usages_bill_id ON meter_usages (bill_id);
CREATE INDEX ix_meter_usages_room_id_item ON meter_usages (room_id, item);

CREATE TABLE meters (
  id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  item TEXT NOT NULL,
  serial TEXT NOT NULL,
  multiplier TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  digits INTEGER NOT NULL DEFAULT 0,
  installed_on TEXT NOT NULL DEFAULT '',
  removed_on TEXT NOT NULL DEFAULT '',
  replaces TEXT NOT NULL DEFAULT '', serial_key TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  CONSTRAINT uq_meters_room_id_item_serial UNIQUE (room_id, item, serial),
  CONSTRAINT fk_meters_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_meters_1 CHECK (digits BETWEEN 0 AND 9)
) STRICT;
CREATE UNIQUE INDEX uq_meters_serial_key ON meters (room_id, item, serial_key);

CREATE TABLE notices (
  id TEXT NOT NULL,
  dedupe TEXT NOT NULL,
  template TEXT NOT NULL,
  step TEXT NOT NULL,
  due_on TEXT NOT NULL DEFAULT '',
  user_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  order_no TEXT NOT NULL DEFAULT '',
  due_fen INTEGER NOT NULL DEFAULT 0,
  status TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  tries INTEGER NOT NULL DEFAULT 0,
  next_try_at INTEGER NOT NULL DEFAULT 0,
  claimed_by TEXT NOT NULL DEFAULT '',
  claimed_until INTEGER NOT NULL DEFAULT 0,
  business_on TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  sent_at INTEGER NOT NULL DEFAULT 0,
  request_id TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  CONSTRAINT uq_notices_dedupe UNIQUE (dedupe),
  CONSTRAINT ck_notices_1 CHECK (status IN ('queued','sending','sent','skipped','failed'))
) STRICT;
CREATE INDEX ix_notices_room_id_business_on ON notices (room_id, business_on);
CREATE INDEX ix_notices_status_template_next_try_at_id ON notices (status, template, next_try_at, id);
CREATE INDEX ix_notices_user_id ON notices (user_id);

CREATE TABLE order_lines (
  order_no TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  principal_fen INTEGER NOT NULL,
  late_fee_fen INTEGER NOT NULL,
  open_bill_id TEXT,
  PRIMARY KEY (order_no, bill_id),
  CONSTRAINT uq_order_lines_open_bill_id UNIQUE (open_bill_id),
  CONSTRAINT fk_order_lines_order_no FOREIGN KEY (order_no) REFERENCES orders (no),
  CONSTRAINT fk_order_lines_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id),
  CONSTRAINT ck_order_lines_1 CHECK (principal_fen >= 0),
  CONSTRAINT ck_order_lines_2 CHECK (late_fee_fen >= 0),
  CONSTRAINT ck_order_lines_3 CHECK (principal_fen + late_fee_fen > 0)
) STRICT;
CREATE INDEX ix_order_lines_bill_id ON order_lines (bill_id);

CREATE TABLE orders (
  no TEXT NOT NULL,
  user_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  merchant TEXT NOT NULL,
  mch_id TEXT NOT NULL,
  sub_mch_id TEXT NOT NULL DEFAULT '',
  app_id TEXT NOT NULL,
  openid TEXT NOT NULL,
  amount_fen INTEGER NOT NULL,
  prepay_fen INTEGER NOT NULL,
  status TEXT NOT NULL,
  quoted_on TEXT NOT NULL,
  request TEXT NOT NULL,
  prepay_id TEXT NOT NULL DEFAULT '',
  transaction_id TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  paid_at INTEGER NOT NULL DEFAULT 0,
  closed_at_wechat INTEGER NOT NULL DEFAULT 0,
  checks INTEGER NOT NULL DEFAULT 0,
  next_check_at INTEGER NOT NULL DEFAULT 0,
  updated_at INTEGER NOT NULL,
  prepay_item TEXT NOT NULL DEFAULT '',
  placed_at INTEGER NOT NULL DEFAULT 0, sub_app_id TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (no),
  CONSTRAINT fk_orders_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_orders_1 CHECK (amount_fen > 0),
  CONSTRAINT ck_orders_2 CHECK (prepay_fen >= 0),
  CONSTRAINT ck_orders_3 CHECK (prepay_fen <= amount_fen),
  CONSTRAINT ck_orders_4 CHECK (status IN ('pending','paid','closed','exception','refunding','refunded','part_refunded'))
) STRICT;
CREATE INDEX ix_orders_closed_at_wechat_status_next_check_at ON orders (closed_at_wechat, status, next_check_at);
CREATE INDEX ix_orders_merchant_paid_at ON orders (merchant, paid_at);
CREATE INDEX ix_orders_room_id_created_at ON orders (room_id, created_at);
CREATE INDEX ix_orders_status_next_check_at ON orders (status, next_check_at);
CREATE INDEX ix_orders_user_id_created_at ON orders (user_id, created_at);

CREATE TABLE owners (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  name TEXT NOT NULL,
  phone_cipher BLOB,
  phone_index TEXT NOT NULL DEFAULT '',
  phone_last4 TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT fk_owners_community_id FOREIGN KEY (community_id) REFERENCES communities (id)
) STRICT;
CREATE INDEX ix_owners_community_id_name ON owners (community_id, name);
CREATE INDEX ix_owners_phone_index ON owners (phone_index);

CREATE TABLE payment_reversals (
  id TEXT NOT NULL,
  payment_id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  channel TEXT NOT NULL,
  amount_fen INTEGER NOT NULL,
  staff_id TEXT NOT NULL,
  day_on TEXT NOT NULL,
  reason TEXT NOT NULL,
  by_id TEXT NOT NULL,
  by_name TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_payment_reversals_payment_id UNIQUE (payment_id),
  CONSTRAINT fk_payment_reversals_payment_id FOREIGN KEY (payment_id) REFERENCES payments (id),
  CONSTRAINT ck_payment_reversals_1 CHECK (amount_fen > 0),
  CONSTRAINT ck_payment_reversals_2 CHECK (reason <> '')
) STRICT;
CREATE INDEX ix_payment_reversals_community_id_day_on_staff_id_channel ON payment_reversals (community_id, day_on, staff_id, channel);
CREATE INDEX ix_payment_reversals_room_id ON payment_reversals (room_id);

CREATE TABLE payments (
  id TEXT NOT NULL,
  channel TEXT NOT NULL,
  order_no TEXT,
  transaction_id TEXT,
  merchant TEXT NOT NULL DEFAULT '',
  community_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  user_id TEXT NOT NULL DEFAULT '',
  amount_fen INTEGER NOT NULL,
  surplus_fen INTEGER NOT NULL DEFAULT 0,
  source TEXT NOT NULL,
  paid_at INTEGER NOT NULL,
  paid_on TEXT NOT NULL,
  booked_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_payments_order_no UNIQUE (order_no),
  CONSTRAINT uq_payments_transaction_id UNIQUE (transaction_id),
  CONSTRAINT fk_payments_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_payments_1 CHECK (amount_fen > 0),
  CONSTRAINT ck_payments_2 CHECK (surplus_fen >= 0)
) STRICT;
CREATE INDEX ix_payments_merchant_paid_on ON payments (merchant, paid_on);
CREATE INDEX ix_payments_paid_on_channel ON payments (paid_on, channel);
CREATE INDEX ix_payments_room_id_paid_on ON payments (room_id, paid_on);

CREATE TABLE plan_bills (
  plan_id TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  principal_fen INTEGER NOT NULL,
  late_fee_fen INTEGER NOT NULL,
  settled_fen INTEGER NOT NULL,
  PRIMARY KEY (plan_id, bill_id),
  CONSTRAINT fk_plan_bills_plan_id FOREIGN KEY (plan_id) REFERENCES plans (id),
  CONSTRAINT fk_plan_bills_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id),
  CONSTRAINT ck_plan_bills_1 CHECK (principal_fen >= 0),
  CONSTRAINT ck_plan_bills_2 CHECK (late_fee_fen >= 0),
  CONSTRAINT ck_plan_bills_3 CHECK (principal_fen + late_fee_fen > 0)
) STRICT;
CREATE INDEX ix_plan_bills_bill_id ON plan_bills (bill_id);

CREATE TABLE plan_parts (
  id TEXT NOT NULL,
  plan_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  due_on TEXT NOT NULL,
  amount_fen INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_plan_parts_plan_id_number UNIQUE (plan_id, number),
  CONSTRAINT fk_plan_parts_plan_id FOREIGN KEY (plan_id) REFERENCES plans (id),
  CONSTRAINT ck_plan_parts_1 CHECK (amount_fen > 0),
  CONSTRAINT ck_plan_parts_2 CHECK (number > 0)
) STRICT;
CREATE INDEX ix_plan_parts_due_on ON plan_parts (due_on);

CREATE TABLE plans (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  status TEXT NOT NULL,
  total_fen INTEGER NOT NULL,
  frozen INTEGER NOT NULL,
  break_days INTEGER NOT NULL,
  made_on TEXT NOT NULL,
  ended_on TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_plans_request_id UNIQUE (request_id),
  CONSTRAINT fk_plans_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_plans_1 CHECK (status IN ('active','kept','broken')),
  CONSTRAINT ck_plans_2 CHECK (total_fen > 0),
  CONSTRAINT ck_plans_3 CHECK (break_days BETWEEN 0 AND 90),
  CONSTRAINT ck_plans_4 CHECK ((status = 'active') = (ended_on = ''))
) STRICT;
CREATE INDEX ix_plans_room_id_status ON plans (room_id, status);
CREATE INDEX ix_plans_status_id ON plans (status, id);

CREATE TABLE prepaid_balances (
  id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  item TEXT NOT NULL DEFAULT '',
  amount_fen INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_prepaid_balances_room_id_item UNIQUE (room_id, item),
  CONSTRAINT fk_prepaid_balances_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_prepaid_balances_1 CHECK (amount_fen >= 0)
) STRICT;

CREATE TABLE prepaid_entries (
  id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  item TEXT NOT NULL DEFAULT '',
  amount_fen INTEGER NOT NULL,
  payment_id TEXT NOT NULL DEFAULT '',
  bill_id TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT fk_prepaid_entries_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_prepaid_entries_2 CHECK (kind IN ('topup','surplus','offset','refund','credit','move'))
) STRICT;
CREATE INDEX ix_prepaid_entries_payment_id ON prepaid_entries (payment_id);
CREATE INDEX ix_prepaid_entries_room_id_created_at ON prepaid_entries (room_id, created_at);

CREATE TABLE prepaid_moves (
  id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  from_item TEXT NOT NULL DEFAULT '',
  to_item TEXT NOT NULL DEFAULT '',
  amount_fen INTEGER NOT NULL,
  reason TEXT NOT NULL,
  by_name TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT fk_prepaid_moves_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_prepaid_moves_1 CHECK (amount_fen > 0),
  CONSTRAINT ck_prepaid_moves_2 CHECK (from_item <> to_item)
) STRICT;
CREATE INDEX ix_prepaid_moves_room_id_created_at ON prepaid_moves (room_id, created_at);

CREATE TABLE reading_withdrawals (
  id TEXT NOT NULL,
  reading_id TEXT NOT NULL,
  meter_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  status TEXT NOT NULL,
  open_key TEXT NULL,
  reason TEXT NOT NULL,
  asked_kind TEXT NOT NULL DEFAULT '',
  asked_id TEXT NOT NULL DEFAULT '',
  asked_name TEXT NOT NULL DEFAULT '',
  decided_kind TEXT NOT NULL DEFAULT '',
  decided_id TEXT NOT NULL DEFAULT '',
  decided_name TEXT NOT NULL DEFAULT '',
  decided_at INTEGER NOT NULL DEFAULT 0,
  note TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_reading_withdrawals_open_key UNIQUE (open_key),
  CONSTRAINT fk_reading_withdrawals_reading_id FOREIGN KEY (reading_id) REFERENCES readings (id),
  CONSTRAINT ck_reading_withdrawals_1 CHECK (status IN ('requested','approved','refused')),
  CONSTRAINT ck_reading_withdrawals_2 CHECK (status <> 'approved' OR decided_kind <> asked_kind OR decided_id <> asked_id)
) STRICT;
CREATE INDEX ix_reading_withdrawals_meter_id ON reading_withdrawals (meter_id);
CREATE INDEX ix_reading_withdrawals_reading_id ON reading_withdrawals (reading_id);
CREATE INDEX ix_reading_withdrawals_status_created_at ON reading_withdrawals (status, created_at);

CREATE TABLE "readings" (
  id TEXT NOT NULL,
  meter_id TEXT NOT NULL,
  read_on TEXT NOT NULL,
  previous TEXT NOT NULL DEFAULT '',
  value TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  multiplier TEXT NOT NULL DEFAULT '1',
  rolled INTEGER NOT NULL DEFAULT 0,
  estimated INTEGER NOT NULL DEFAULT 0,
  note TEXT NOT NULL DEFAULT '',
  by_name TEXT NOT NULL DEFAULT '',
  withdrawal_id TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  CONSTRAINT uq_readings_meter_id_read_on_withdrawal_id UNIQUE (meter_id, read_on, withdrawal_id),
  CONSTRAINT fk_readings_meter_id FOREIGN KEY (meter_id) REFERENCES meters (id),
  CONSTRAINT ck_readings_1 CHECK (rolled IN (-1,0,1)),
  CONSTRAINT ck_readings_2 CHECK (previous <> '' OR rolled = 0)
) STRICT;

CREATE TABLE receipt_counters (
  community_id TEXT NOT NULL,
  series_year INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (community_id, series_year),
  CONSTRAINT ck_receipt_counters_1 CHECK (last_seq >= 0)
) STRICT;

CREATE TABLE receipts (
  id TEXT NOT NULL,
  payment_id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  owner_id TEXT NOT NULL DEFAULT '',
  user_id TEXT NOT NULL DEFAULT '',
  channel TEXT NOT NULL,
  order_no TEXT NOT NULL DEFAULT '',
  transaction_id TEXT NOT NULL DEFAULT '',
  series_year INTEGER NOT NULL,
  seq INTEGER,
  version INTEGER NOT NULL,
  replaces_id TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL,
  amount_fen INTEGER NOT NULL,
  refunded_fen INTEGER NOT NULL DEFAULT 0,
  paid_at INTEGER NOT NULL,
  lines_json TEXT NOT NULL,
  party_json TEXT NOT NULL DEFAULT '',
  token TEXT NOT NULL,
  seal TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  numbered_at INTEGER NOT NULL DEFAULT 0,
  voided_at INTEGER NOT NULL DEFAULT 0,
  void_reason TEXT NOT NULL DEFAULT '',
  void_kind TEXT NOT NULL DEFAULT '',
  void_id TEXT NOT NULL DEFAULT '',
  void_name TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  CONSTRAINT uq_receipts_payment_id_version UNIQUE (payment_id, version),
  CONSTRAINT uq_receipts_community_id_series_year_seq UNIQUE (community_id, series_year, seq),
  CONSTRAINT ck_receipts_1 CHECK (amount_fen > 0),
  CONSTRAINT ck_receipts_2 CHECK (refunded_fen >= 0),
  CONSTRAINT ck_receipts_3 CHECK (status IN ('issued','void')),
  CONSTRAINT ck_receipts_4 CHECK (seq IS NULL OR seq > 0),
  CONSTRAINT ck_receipts_5 CHECK ((status = 'void') = (voided_at > 0)),
  CONSTRAINT ck_receipts_6 CHECK ((seq IS NULL) = (numbered_at = 0)),
  CONSTRAINT ck_receipts_7 CHECK (version > 0)
) STRICT;
CREATE INDEX ix_receipts_room_id_created_at ON receipts (room_id, created_at);

CREATE TABLE reconciliations (
  merchant TEXT NOT NULL,
  bill_on TEXT NOT NULL,
  ours_count INTEGER NOT NULL,
  ours_fen INTEGER NOT NULL,
  theirs_count INTEGER NOT NULL,
  theirs_fen INTEGER NOT NULL,
  our_refunds INTEGER NOT NULL,
  our_refunds_fen INTEGER NOT NULL,
  their_refunds INTEGER NOT NULL,
  their_refunds_fen INTEGER NOT NULL,
  fee_fen TEXT NOT NULL,
  net_fen TEXT NOT NULL,
  bill_sha1 TEXT NOT NULL DEFAULT '',
  runs INTEGER NOT NULL,
  ran_at INTEGER NOT NULL,
  settled_fen INTEGER NOT NULL DEFAULT 0,
  returned_fen INTEGER NOT NULL DEFAULT 0,
  fee_expected_fen TEXT NOT NULL DEFAULT '0',
  flow_state TEXT NOT NULL DEFAULT '',
  flow_payments INTEGER NOT NULL DEFAULT 0,
  flow_paid_fen INTEGER NOT NULL DEFAULT 0,
  flow_refunds INTEGER NOT NULL DEFAULT 0,
  flow_returned_fen INTEGER NOT NULL DEFAULT 0,
  flow_fee_fen INTEGER NOT NULL DEFAULT 0,
  flow_net_fen INTEGER NOT NULL DEFAULT 0,
  flow_other_in_fen INTEGER NOT NULL DEFAULT 0,
  flow_other_out_fen INTEGER NOT NULL DEFAULT 0,
  flow_sha1 TEXT NOT NULL DEFAULT '',
  signed_id TEXT NOT NULL DEFAULT '',
  signed_name TEXT NOT NULL DEFAULT '',
  signed_at INTEGER NOT NULL DEFAULT 0,
  reopened_name TEXT NOT NULL DEFAULT '',
  reopened_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (merchant, bill_on)
) STRICT;
CREATE INDEX ix_reconciliations_bill_on ON reconciliations (bill_on);

CREATE TABLE refund_lines (
  refund_no TEXT NOT NULL,
  number INTEGER NOT NULL,
  bill_id TEXT NOT NULL DEFAULT '',
  item TEXT NOT NULL DEFAULT '',
  principal_fen INTEGER NOT NULL DEFAULT 0,
  late_fee_fen INTEGER NOT NULL DEFAULT 0,
  prepaid_fen INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (refund_no, number),
  CONSTRAINT fk_refund_lines_refund_no FOREIGN KEY (refund_no) REFERENCES refunds (no),
  CONSTRAINT ck_refund_lines_1 CHECK (principal_fen >= 0 AND late_fee_fen >= 0 AND prepaid_fen >= 0),
  CONSTRAINT ck_refund_lines_2 CHECK (principal_fen + late_fee_fen + prepaid_fen > 0),
  CONSTRAINT ck_refund_lines_3 CHECK ((bill_id = '') = (prepaid_fen > 0))
) STRICT;
CREATE INDEX ix_refund_lines_bill_id ON refund_lines (bill_id);

CREATE TABLE refund_sums (
  payment_id TEXT NOT NULL,
  order_no TEXT NOT NULL,
  amount_fen INTEGER NOT NULL,
  held_fen INTEGER NOT NULL DEFAULT 0,
  refunded_fen INTEGER NOT NULL DEFAULT 0,
  parts INTEGER NOT NULL DEFAULT 0,
  last_sent_at INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (payment_id),
  CONSTRAINT uq_refund_sums_order_no UNIQUE (order_no),
  CONSTRAINT fk_refund_sums_payment_id FOREIGN KEY (payment_id) REFERENCES payments (id),
  CONSTRAINT ck_refund_sums_1 CHECK (held_fen >= 0 AND refunded_fen >= 0),
  CONSTRAINT ck_refund_sums_2 CHECK (held_fen + refunded_fen <= amount_fen),
  CONSTRAINT ck_refund_sums_3 CHECK (parts >= 0 AND parts <= 50)
) STRICT;

CREATE TABLE refunds (
  no TEXT NOT NULL,
  order_no TEXT NOT NULL DEFAULT '',
  payment_id TEXT NOT NULL DEFAULT '',
  transaction_id TEXT NOT NULL DEFAULT '',
  merchant TEXT NOT NULL DEFAULT '',
  mch_id TEXT NOT NULL DEFAULT '',
  sub_mch_id TEXT NOT NULL DEFAULT '',
  community_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  user_id TEXT NOT NULL DEFAULT '',
  origin TEXT NOT NULL,
  channel TEXT NOT NULL,
  amount_fen INTEGER NOT NULL,
  total_fen INTEGER NOT NULL,
  prepaid_fen INTEGER NOT NULL DEFAULT 0,
  bill_after TEXT NOT NULL,
  reason TEXT NOT NULL,
  status TEXT NOT NULL,
  part INTEGER,
  form_key TEXT,
  request_id TEXT NOT NULL DEFAULT '',
  retry_of TEXT NOT NULL DEFAULT '',
  request TEXT NOT NULL DEFAULT '',
  refund_id TEXT,
  fault TEXT NOT NULL DEFAULT '',
  asked_kind TEXT NOT NULL,
  asked_id TEXT NOT NULL DEFAULT '',
  asked_name TEXT NOT NULL DEFAULT '',
  decided_kind TEXT NOT NULL DEFAULT '',
  decided_id TEXT NOT NULL DEFAULT '',
  decided_name TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  hand_name TEXT NOT NULL DEFAULT '',
  hand_note TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  decided_at INTEGER NOT NULL DEFAULT 0,
  sent_at INTEGER NOT NULL DEFAULT 0,
  done_at INTEGER NOT NULL DEFAULT 0,
  done_on TEXT NOT NULL DEFAULT '',
  booked_at INTEGER NOT NULL DEFAULT 0,
  checks INTEGER NOT NULL DEFAULT 0,
  next_check_at INTEGER NOT NULL DEFAULT 0,
  updated_at INTEGER NOT NULL,
  accepted_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (no),
  CONSTRAINT uq_refunds_form_key UNIQUE (form_key),
  CONSTRAINT uq_refunds_refund_id UNIQUE (refund_id),
  CONSTRAINT uq_refunds_payment_id_part UNIQUE (payment_id, part),
  CONSTRAINT fk_refunds_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_refunds_1 CHECK (amount_fen > 0 AND amount_fen <= total_fen),
  CONSTRAINT ck_refunds_2 CHECK (prepaid_fen >= 0 AND prepaid_fen <= amount_fen),
  CONSTRAINT ck_refunds_3 CHECK (status IN ('asked','rejected','sending','processing','success','closed','abnormal')),
  CONSTRAINT ck_refunds_4 CHECK (origin IN ('staff','surplus','prepaid')),
  CONSTRAINT ck_refunds_5 CHECK (channel IN ('wechat','hand')),
  CONSTRAINT ck_refunds_6 CHECK (bill_after IN ('owed','credited')),
  CONSTRAINT ck_refunds_7 CHECK (asked_kind = 'system' OR decided_kind <> asked_kind OR decided_id <> asked_id),
  CONSTRAINT ck_refunds_8 CHECK ((status = 'success') = (booked_at <> 0)),
  CONSTRAINT ck_refunds_9 CHECK (part IS NULL OR part BETWEEN 1 AND 50),
  CONSTRAINT ck_refunds_10 CHECK ((status = 'asked') = (decided_kind = ''))
) STRICT;
CREATE INDEX ix_refunds_merchant_accepted_at ON refunds (merchant, accepted_at);
CREATE INDEX ix_refunds_merchant_done_on ON refunds (merchant, done_on);
CREATE INDEX ix_refunds_order_no ON refunds (order_no);
CREATE INDEX ix_refunds_request_id ON refunds (request_id);
CREATE INDEX ix_refunds_room_id_no ON refunds (room_id, no);
CREATE INDEX ix_refunds_status_next_check_at ON refunds (status, next_check_at);

CREATE TABLE request_bills (
  request_id TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  PRIMARY KEY (request_id, bill_id),
  CONSTRAINT fk_request_bills_request_id FOREIGN KEY (request_id) REFERENCES requests (id),
  CONSTRAINT fk_request_bills_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id)
) STRICT;
CREATE INDEX ix_request_bills_bill_id ON request_bills (bill_id);

CREATE TABLE requests (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  active TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL DEFAULT '',
  amount_fen INTEGER NOT NULL DEFAULT 0,
  pay_on TEXT NOT NULL DEFAULT '',
  parts TEXT NOT NULL DEFAULT '',
  frozen INTEGER NOT NULL DEFAULT 0,
  break_days INTEGER NOT NULL DEFAULT 0,
  asked_kind TEXT NOT NULL,
  asked_id TEXT NOT NULL DEFAULT '',
  asked_name TEXT NOT NULL DEFAULT '',
  decided_kind TEXT NOT NULL DEFAULT '',
  decided_id TEXT NOT NULL DEFAULT '',
  decided_name TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  decided_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  CONSTRAINT uq_requests_kind_active UNIQUE (kind, active),
  CONSTRAINT fk_requests_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_requests_1 CHECK (kind IN ('waiver','correction','void','instalment','dispute','promise','refund')),
  CONSTRAINT ck_requests_2 CHECK (status IN ('open','approved','rejected')),
  CONSTRAINT ck_requests_3 CHECK (amount_fen >= 0),
  CONSTRAINT ck_requests_4 CHECK ((status = 'open') = (decided_at = 0)),
  CONSTRAINT ck_requests_5 CHECK (decided_id = '' OR decided_kind <> asked_kind OR decided_id <> asked_id)
) STRICT;
CREATE INDEX ix_requests_asked_id_id ON requests (asked_id, id);
CREATE INDEX ix_requests_room_id_id ON requests (room_id, id);
CREATE INDEX ix_requests_status_kind_id ON requests (status, kind, id);

CREATE TABLE room_changes (
  id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  field TEXT NOT NULL,
  old_value TEXT NOT NULL DEFAULT '',
  new_value TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  by_kind TEXT NOT NULL,
  by_id TEXT NOT NULL DEFAULT '',
  by_name TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_room_changes_room_id_id UNIQUE (room_id, id),
  CONSTRAINT fk_room_changes_room_id FOREIGN KEY (room_id) REFERENCES rooms (id)
) STRICT;

CREATE TABLE rooms (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  code TEXT NOT NULL,
  code_key TEXT NOT NULL,
  building TEXT NOT NULL DEFAULT '',
  unit TEXT NOT NULL DEFAULT '',
  number TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL DEFAULT '',
  area TEXT NOT NULL DEFAULT '',
  price TEXT NOT NULL DEFAULT '',
  cycle TEXT NOT NULL DEFAULT '',
  handed_over_on TEXT NOT NULL DEFAULT '',
  occupancy TEXT NOT NULL,
  steward TEXT NOT NULL DEFAULT '',
  prepaid_fen INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL, loose_key TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  CONSTRAINT uq_rooms_community_id_code_key UNIQUE (community_id, code_key),
  CONSTRAINT fk_rooms_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_rooms_1 CHECK (prepaid_fen >= 0),
  CONSTRAINT ck_rooms_2 CHECK (occupancy IN ('occupied','vacant','unsold'))
) STRICT;
CREATE INDEX ix_rooms_community_id_building ON rooms (community_id, building);
CREATE INDEX ix_rooms_loose_key ON rooms (community_id, loose_key);
CREATE INDEX ix_rooms_steward_community_id ON rooms (steward, community_id);

CREATE TABLE sessions (
  token_hash TEXT NOT NULL,
  subject TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (token_hash),
  CONSTRAINT ck_sessions_1 CHECK (subject IN ('user','staff'))
) STRICT;
CREATE INDEX ix_sessions_expires_at ON sessions (expires_at);
CREATE INDEX ix_sessions_subject_subject_id ON sessions (subject, subject_id);

CREATE TABLE shadow_lines (
  run_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  community TEXT NOT NULL DEFAULT '',
  room_id TEXT NOT NULL DEFAULT '',
  room_code TEXT NOT NULL DEFAULT '',
  item TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  their_rows INTEGER NOT NULL,
  sheet TEXT NOT NULL DEFAULT '',
  row_no INTEGER NOT NULL DEFAULT 0,
  our_bills INTEGER NOT NULL,
  issued_bills INTEGER NOT NULL,
  theirs_fen INTEGER NOT NULL,
  ours_fen INTEGER NOT NULL,
  diff_fen INTEGER NOT NULL,
  cause TEXT NOT NULL,
  explanation TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (run_id, seq),
  CONSTRAINT ck_shadow_lines_1 CHECK (diff_fen = theirs_fen - ours_fen),
  CONSTRAINT ck_shadow_lines_2 CHECK (cause IN ('equal','cycle','area','price','usage','rounding','first','vacancy','late_fee','twice',
    'missing','extra','unknown')),
  CONSTRAINT ck_shadow_lines_3 CHECK (their_rows >= 0 AND our_bills >= issued_bills AND (cause <> 'equal' OR diff_fen = 0))
) STRICT;

CREATE TABLE shadow_rows (
  run_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  place INTEGER NOT NULL,
  community_id TEXT NOT NULL,
  sheet TEXT NOT NULL,
  row_no INTEGER NOT NULL,
  item TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  amount_fen INTEGER NOT NULL,
  area TEXT NOT NULL DEFAULT '',
  price TEXT NOT NULL DEFAULT '',
  quantity TEXT NOT NULL DEFAULT '',
  has_late INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (run_id, room_id, place)
) STRICT;

CREATE TABLE shadow_runs (
  id TEXT NOT NULL,
  status TEXT NOT NULL,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  period_from TEXT NOT NULL,
  period_to TEXT NOT NULL,
  rows_read INTEGER NOT NULL,
  rows_left_out INTEGER NOT NULL,
  line_count INTEGER NOT NULL,
  theirs_fen INTEGER NOT NULL,
  ours_fen INTEGER NOT NULL,
  at_community TEXT NOT NULL DEFAULT '',
  at_room TEXT NOT NULL DEFAULT '',
  rooms_total INTEGER NOT NULL,
  rooms_done INTEGER NOT NULL,
  made_kind TEXT NOT NULL,
  made_id TEXT NOT NULL DEFAULT '',
  made_name TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  done_at INTEGER NOT NULL DEFAULT 0,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_shadow_runs_1 CHECK (status IN ('reading','comparing','done'))
) STRICT;

CREATE TABLE share_bills (
  share_id TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  PRIMARY KEY (share_id, bill_id),
  CONSTRAINT fk_share_bills_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id)
) STRICT;
CREATE INDEX ix_share_bills_bill_id ON share_bills (bill_id);

CREATE TABLE share_orders (
  order_no TEXT NOT NULL,
  share_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  told_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (order_no)
) STRICT;
CREATE INDEX ix_share_orders_share_id ON share_orders (share_id);

CREATE TABLE shares (
  id TEXT NOT NULL,
  token_hash TEXT NOT NULL,
  user_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  label TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  CONSTRAINT uq_shares_token_hash UNIQUE (token_hash),
  CONSTRAINT fk_shares_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_shares_1 CHECK (expires_at > created_at)
) STRICT;
CREATE INDEX ix_shares_room_id_created_at ON shares (room_id, created_at);
CREATE INDEX ix_shares_user_id_created_at ON shares (user_id, created_at);

CREATE TABLE shipments (
  order_no TEXT NOT NULL,
  transaction_id TEXT NOT NULL,
  open_id TEXT NOT NULL,
  status TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  err_code INTEGER NOT NULL DEFAULT 0,
  tries INTEGER NOT NULL DEFAULT 0,
  next_try_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  sent_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (order_no),
  CONSTRAINT ck_shipments_1 CHECK (status IN ('queued','sent','skipped','failed'))
) STRICT;
CREATE INDEX ix_shipments_created_at ON shipments (created_at);
CREATE INDEX ix_shipments_status_next_try_at ON shipments (status, next_try_at);

CREATE TABLE slip_lines (
  slip_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  quantity TEXT NOT NULL,
  unit TEXT NOT NULL,
  price TEXT NOT NULL,
  amount_fen INTEGER NOT NULL,
  PRIMARY KEY (slip_id, seq),
  CONSTRAINT fk_slip_lines_slip_id FOREIGN KEY (slip_id) REFERENCES slips (id),
  CONSTRAINT ck_slip_lines_1 CHECK (kind IN ('service','part','labour','other')),
  CONSTRAINT ck_slip_lines_2 CHECK (amount_fen >= 0)
) STRICT;

CREATE TABLE slips (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  no TEXT NOT NULL,
  kind TEXT NOT NULL,
  item TEXT NOT NULL,
  title TEXT NOT NULL,
  worked_on TEXT NOT NULL,
  due_days INTEGER NOT NULL,
  total_fen INTEGER NOT NULL,
  status TEXT NOT NULL,
  digest TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  form_key TEXT NOT NULL,
  made_kind TEXT NOT NULL,
  made_id TEXT NOT NULL DEFAULT '',
  made_name TEXT NOT NULL DEFAULT '',
  offered_at INTEGER NOT NULL DEFAULT 0,
  how TEXT NOT NULL DEFAULT '',
  signer_name TEXT NOT NULL DEFAULT '',
  paper_no TEXT NOT NULL DEFAULT '',
  signed_kind TEXT NOT NULL DEFAULT '',
  signed_id TEXT NOT NULL DEFAULT '',
  signed_name TEXT NOT NULL DEFAULT '',
  signed_at INTEGER NOT NULL DEFAULT 0,
  bill_id TEXT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_slips_community_id_no UNIQUE (community_id, no),
  CONSTRAINT uq_slips_room_id_id UNIQUE (room_id, id),
  CONSTRAINT uq_slips_form_key UNIQUE (form_key),
  CONSTRAINT uq_slips_bill_id UNIQUE (bill_id),
  CONSTRAINT fk_slips_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT fk_slips_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id),
  CONSTRAINT ck_slips_1 CHECK (kind IN ('repair','cleaning','waste','other')),
  CONSTRAINT ck_slips_2 CHECK (status IN ('draft','offered','signed','charged','declined','cancelled')),
  CONSTRAINT ck_slips_3 CHECK (total_fen >= 0),
  CONSTRAINT ck_slips_4 CHECK (due_days BETWEEN 0 AND 90),
  CONSTRAINT ck_slips_5 CHECK ((status IN ('signed','charged')) = (signed_at <> 0)),
  CONSTRAINT ck_slips_6 CHECK ((status = 'charged') = (bill_id IS NOT NULL)),
  CONSTRAINT ck_slips_7 CHECK (status <> 'charged' OR total_fen > 0),
  CONSTRAINT ck_slips_8 CHECK (status <> 'signed' OR total_fen = 0),
  CONSTRAINT ck_slips_9 CHECK (status IN ('draft','cancelled') OR (digest <> '' AND offered_at <> 0)),
  CONSTRAINT ck_slips_10 CHECK ((signed_at <> 0) = (how IN ('phone','paper'))),
  CONSTRAINT ck_slips_11 CHECK (how <> 'phone' OR (signed_kind = 'user' AND signed_id <> '')),
  CONSTRAINT ck_slips_12 CHECK (how <> 'paper' OR (paper_no <> '' AND signer_name <> '' AND signed_kind = 'staff'
    AND (signed_kind <> made_kind OR signed_id <> made_id)))
) STRICT;

CREATE TABLE staff (
  id TEXT NOT NULL,
  username TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  disabled INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_staff_username UNIQUE (username),
  CONSTRAINT ck_staff_1 CHECK (role IN ('cashier','steward','finance','manager','admin'))
) STRICT;

CREATE TABLE subscription_entries (
  id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  template TEXT NOT NULL,
  delta INTEGER NOT NULL,
  reason TEXT NOT NULL,
  notice_id TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id)
) STRICT;
CREATE INDEX ix_subscription_entries_user_id_template ON subscription_entries (user_id, template);

CREATE TABLE subscriptions (
  user_id TEXT NOT NULL,
  template TEXT NOT NULL,
  remaining INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, template),
  CONSTRAINT ck_subscriptions_1 CHECK (remaining >= 0)
) STRICT;

CREATE TABLE tariffs (
  id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  item TEXT NOT NULL,
  room_kind TEXT NOT NULL DEFAULT '',
  room_id TEXT NOT NULL DEFAULT '',
  method TEXT NOT NULL,
  price TEXT NOT NULL DEFAULT '',
  tiers TEXT NOT NULL DEFAULT '',
  cycle TEXT NOT NULL,
  cycle_start INTEGER NOT NULL DEFAULT 1,
  due_day INTEGER NOT NULL,
  due_after_days INTEGER NOT NULL DEFAULT 0,
  late_rate TEXT NOT NULL,
  grace_days INTEGER NOT NULL,
  late_cap TEXT NOT NULL DEFAULT '',
  vacant_share TEXT NOT NULL DEFAULT '',
  unsold_share TEXT NOT NULL DEFAULT '',
  discount_share TEXT NOT NULL DEFAULT '',
  discount_until TEXT NOT NULL DEFAULT '',
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL, kind_key TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  CONSTRAINT uq_tariffs_community_id_item_room_kind_room_id_from_on UNIQUE (community_id, item, room_kind, room_id, from_on),
  CONSTRAINT fk_tariffs_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_tariffs_1 CHECK (method IN ('area','fixed','meter','shared','one_off')),
  CONSTRAINT ck_tariffs_2 CHECK (cycle IN ('month','quarter','half_year','year')),
  CONSTRAINT ck_tariffs_3 CHECK (due_day BETWEEN 1 AND 31),
  CONSTRAINT ck_tariffs_4 CHECK (grace_days >= 0),
  CONSTRAINT ck_tariffs_5 CHECK (cycle_start BETWEEN 1 AND 12),
  CONSTRAINT ck_tariffs_6 CHECK (due_after_days BETWEEN 0 AND 366),
  CONSTRAINT ck_tariffs_7 CHECK (room_kind = '' OR room_id = '')
) STRICT;
CREATE UNIQUE INDEX uq_tariffs_kind_key ON tariffs (community_id, item, kind_key, room_id, from_on);

CREATE TABLE tenures (
  id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  owner_id TEXT NOT NULL,
  role TEXT NOT NULL,
  from_on TEXT NOT NULL DEFAULT '',
  to_on TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  items TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  CONSTRAINT uq_tenures_room_id_owner_id_role_from_on UNIQUE (room_id, owner_id, role, from_on),
  CONSTRAINT fk_tenures_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT fk_tenures_owner_id FOREIGN KEY (owner_id) REFERENCES owners (id),
  CONSTRAINT ck_tenures_1 CHECK (role IN ('owner','tenant'))
) STRICT;
CREATE INDEX ix_tenures_owner_id ON tenures (owner_id);

CREATE TABLE transfers (
  id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  community_id TEXT NOT NULL,
  from_owner_id TEXT NOT NULL,
  to_owner_id TEXT NOT NULL,
  transfer_on TEXT NOT NULL,
  owed_fen INTEGER NOT NULL,
  late_fee_fen INTEGER NOT NULL,
  moved_bills INTEGER NOT NULL,
  prepaid_fen INTEGER NOT NULL,
  prepaid_to TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  by_kind TEXT NOT NULL,
  by_id TEXT NOT NULL DEFAULT '',
  by_name TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_transfers_room_id_transfer_on UNIQUE (room_id, transfer_on),
  CONSTRAINT fk_transfers_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT fk_transfers_from_owner_id FOREIGN KEY (from_owner_id) REFERENCES owners (id),
  CONSTRAINT fk_transfers_to_owner_id FOREIGN KEY (to_owner_id) REFERENCES owners (id),
  CONSTRAINT ck_transfers_1 CHECK (from_owner_id <> to_owner_id),
  CONSTRAINT ck_transfers_2 CHECK (prepaid_to IN ('room','former')),
  CONSTRAINT ck_transfers_3 CHECK (owed_fen >= 0 AND late_fee_fen >= 0 AND prepaid_fen >= 0 AND moved_bills >= 0)
) STRICT;
CREATE INDEX ix_transfers_created_at ON transfers (created_at);

CREATE TABLE users (
  id TEXT NOT NULL,
  app_id TEXT NOT NULL,
  openid TEXT NOT NULL,
  unionid TEXT NOT NULL DEFAULT '',
  phone_cipher BLOB,
  phone_index TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_users_app_id_openid UNIQUE (app_id, openid)
) STRICT;
CREATE INDEX ix_users_phone_index ON users (phone_index);

CREATE TABLE vacancies (
  id TEXT NOT NULL,
  room_id TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL,
  asked_kind TEXT NOT NULL DEFAULT '',
  asked_id TEXT NOT NULL DEFAULT '',
  asked_name TEXT NOT NULL DEFAULT '',
  decided_kind TEXT NOT NULL DEFAULT '',
  decided_id TEXT NOT NULL DEFAULT '',
  decided_name TEXT NOT NULL DEFAULT '',
  decided_at INTEGER NOT NULL DEFAULT 0,
  note TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT fk_vacancies_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_vacancies_1 CHECK (status IN ('requested','approved','refused'))
) STRICT;
CREATE INDEX ix_vacancies_room_id_from_on ON vacancies (room_id, from_on);
CREATE INDEX ix_vacancies_status_created_at ON vacancies (status, created_at);
