-- +goose Up

-- A day of a cashier and channel in a community: open, or closed 日结 with what was counted against what was booked.
-- Every entry and reversal locks its row first.
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

-- What a cashier entered of a payment. voucher_key is the voucher while the payment stands, and unique; a reversal
-- frees it. form_key is the form that was posted: posted twice, booked once.
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

-- A payment undone 冲正: an entry of its own that takes off bills and prepayment what the payment had brought. It
-- counts in a day of the cashier who had entered the payment.
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

-- An agreement by which a bank collects 托收 what an owner owes of a room. Holder and account number are sealed.
-- active_room_id and active_agreement are set while it holds, and unique.
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

-- A batch of bank collection 托收: what is due by a day, frozen into lines, sent to the bank as a file, and answered by
-- one. answer_sha256 is the answer that was taken in.
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

-- What a batch asks of one account: the bills of one room. number is its place in the file, by which the bank
-- answers.
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
CREATE INDEX ix_collection_lines_room_id ON collection_lines (room_id);
CREATE INDEX ix_collection_lines_payment_id ON collection_lines (payment_id);

-- What a line of a batch collects of a bill, frozen. open_bill_id is the bill while the bank may still collect it:
-- unique, so that a bill is in one open batch at most.
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
