-- +goose Up

-- A day of a cashier and channel in a community: open, or closed 日结 with what was counted against what was booked.
-- Every entry and reversal locks its row first.
CREATE TABLE IF NOT EXISTS desk_days (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  staff_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  staff_name VARCHAR(60) NOT NULL DEFAULT '',
  channel VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  day_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  status VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  booked_count INT NOT NULL DEFAULT 0,
  booked_fen BIGINT NOT NULL DEFAULT 0,
  reversed_count INT NOT NULL DEFAULT 0,
  reversed_fen BIGINT NOT NULL DEFAULT 0,
  counted_fen BIGINT NOT NULL DEFAULT 0,
  reason VARCHAR(200) NOT NULL DEFAULT '',
  closed_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  closed_name VARCHAR(60) NOT NULL DEFAULT '',
  closed_at BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_desk_days_community_id_staff_id_channel_day_on (community_id, staff_id, channel, day_on),
  KEY ix_desk_days_day_on_community_id (day_on, community_id),
  CONSTRAINT fk_desk_days_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_desk_days_1 CHECK (status IN ('open','closed')),
  CONSTRAINT ck_desk_days_2 CHECK (booked_fen >= 0),
  CONSTRAINT ck_desk_days_3 CHECK (reversed_fen >= 0),
  CONSTRAINT ck_desk_days_4 CHECK (status = 'open' OR counted_fen = booked_fen - reversed_fen OR reason <> ''),
  CONSTRAINT ck_desk_days_5 CHECK (status = 'open' OR closed_at > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What a cashier entered of a payment. voucher_key is the voucher while the payment stands, and unique; a reversal
-- frees it. form_key is the form that was posted: posted twice, booked once.
CREATE TABLE IF NOT EXISTS desk_entries (
  payment_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  channel VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  staff_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  staff_name VARCHAR(60) NOT NULL DEFAULT '',
  day_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  voucher_no VARCHAR(64) NOT NULL DEFAULT '',
  voucher_key VARCHAR(64) NULL,
  form_key VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payer_note VARCHAR(200) NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  PRIMARY KEY (payment_id),
  UNIQUE KEY uq_desk_entries_community_id_channel_voucher_key (community_id, channel, voucher_key),
  UNIQUE KEY uq_desk_entries_form_key (form_key),
  KEY ix_desk_entries_community_id_day_on_staff_id_channel (community_id, day_on, staff_id, channel),
  KEY ix_desk_entries_room_id (room_id),
  CONSTRAINT fk_desk_entries_payment_id FOREIGN KEY (payment_id) REFERENCES payments (id),
  CONSTRAINT ck_desk_entries_1 CHECK (voucher_key IS NULL OR voucher_key <> '')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A payment undone 冲正: an entry of its own that takes off bills and prepayment what the payment had brought. It
-- counts in a day of the cashier who had entered the payment.
CREATE TABLE IF NOT EXISTS payment_reversals (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payment_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  channel VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount_fen BIGINT NOT NULL,
  staff_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  day_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason VARCHAR(200) NOT NULL,
  by_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  by_name VARCHAR(60) NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_payment_reversals_payment_id (payment_id),
  KEY ix_payment_reversals_community_id_day_on_staff_id_channel (community_id, day_on, staff_id, channel),
  KEY ix_payment_reversals_room_id (room_id),
  CONSTRAINT fk_payment_reversals_payment_id FOREIGN KEY (payment_id) REFERENCES payments (id),
  CONSTRAINT ck_payment_reversals_1 CHECK (amount_fen > 0),
  CONSTRAINT ck_payment_reversals_2 CHECK (reason <> '')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- An agreement by which a bank collects 托收 what an owner owes of a room. Holder and account number are sealed.
-- active_room_id and active_agreement are set while it holds, and unique.
CREATE TABLE IF NOT EXISTS bank_mandates (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  owner_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  active_room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NULL,
  agreement_no VARCHAR(64) NOT NULL,
  active_agreement VARCHAR(64) NULL,
  bank_name VARCHAR(60) NOT NULL,
  holder_cipher VARBINARY(512) NOT NULL,
  account_cipher VARBINARY(512) NOT NULL,
  account_last4 VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  status VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  made_name VARCHAR(60) NOT NULL DEFAULT '',
  ended_name VARCHAR(60) NOT NULL DEFAULT '',
  ended_at BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_bank_mandates_active_room_id (active_room_id),
  UNIQUE KEY uq_bank_mandates_community_id_active_agreement (community_id, active_agreement),
  KEY ix_bank_mandates_community_id_status (community_id, status),
  KEY ix_bank_mandates_room_id (room_id),
  CONSTRAINT fk_bank_mandates_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT ck_bank_mandates_1 CHECK (status IN ('active','ended')),
  CONSTRAINT ck_bank_mandates_2 CHECK ((status = 'active') = (active_room_id IS NOT NULL))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A batch of bank collection 托收: what is due by a day, frozen into lines, sent to the bank as a file, and answered by
-- one. answer_sha256 is the answer that was taken in.
CREATE TABLE IF NOT EXISTS collection_batches (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  community_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  number VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  due_by CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  status VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  line_count INT NOT NULL DEFAULT 0,
  amount_fen BIGINT NOT NULL DEFAULT 0,
  paid_count INT NOT NULL DEFAULT 0,
  paid_fen BIGINT NOT NULL DEFAULT 0,
  failed_count INT NOT NULL DEFAULT 0,
  failed_fen BIGINT NOT NULL DEFAULT 0,
  collected_on CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  answer_sha256 VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  made_name VARCHAR(60) NOT NULL DEFAULT '',
  exported_name VARCHAR(60) NOT NULL DEFAULT '',
  answered_name VARCHAR(60) NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  exported_at BIGINT NOT NULL DEFAULT 0,
  answered_at BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_collection_batches_community_id_number (community_id, number),
  KEY ix_collection_batches_community_id_created_at (community_id, created_at),
  CONSTRAINT fk_collection_batches_community_id FOREIGN KEY (community_id) REFERENCES communities (id),
  CONSTRAINT ck_collection_batches_1 CHECK (status IN ('made','sent','answered','cancelled')),
  CONSTRAINT ck_collection_batches_2 CHECK (amount_fen >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What a batch asks of one account: the bills of one room. number is its place in the file, by which the bank
-- answers.
CREATE TABLE IF NOT EXISTS collection_lines (
  id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  batch_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  number INT NOT NULL,
  room_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  mandate_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount_fen BIGINT NOT NULL,
  status VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason VARCHAR(200) NOT NULL DEFAULT '',
  payment_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_collection_lines_batch_id_number (batch_id, number),
  KEY ix_collection_lines_room_id (room_id),
  KEY ix_collection_lines_payment_id (payment_id),
  CONSTRAINT fk_collection_lines_batch_id FOREIGN KEY (batch_id) REFERENCES collection_batches (id),
  CONSTRAINT fk_collection_lines_room_id FOREIGN KEY (room_id) REFERENCES rooms (id),
  CONSTRAINT fk_collection_lines_mandate_id FOREIGN KEY (mandate_id) REFERENCES bank_mandates (id),
  CONSTRAINT ck_collection_lines_1 CHECK (status IN ('waiting','paid','failed','cancelled')),
  CONSTRAINT ck_collection_lines_2 CHECK (amount_fen > 0),
  CONSTRAINT ck_collection_lines_3 CHECK ((status = 'paid') = (payment_id <> '')),
  CONSTRAINT ck_collection_lines_4 CHECK (status <> 'failed' OR reason <> '')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What a line of a batch collects of a bill, frozen. open_bill_id is the bill while the bank may still collect it:
-- unique, so that a bill is in one open batch at most.
CREATE TABLE IF NOT EXISTS collection_bills (
  line_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  bill_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  principal_fen BIGINT NOT NULL,
  late_fee_fen BIGINT NOT NULL,
  open_bill_id CHAR(26) CHARACTER SET ascii COLLATE ascii_bin NULL,
  PRIMARY KEY (line_id, bill_id),
  UNIQUE KEY uq_collection_bills_open_bill_id (open_bill_id),
  KEY ix_collection_bills_bill_id (bill_id),
  CONSTRAINT fk_collection_bills_line_id FOREIGN KEY (line_id) REFERENCES collection_lines (id),
  CONSTRAINT fk_collection_bills_bill_id FOREIGN KEY (bill_id) REFERENCES bills (id),
  CONSTRAINT ck_collection_bills_1 CHECK (principal_fen >= 0),
  CONSTRAINT ck_collection_bills_2 CHECK (late_fee_fen >= 0),
  CONSTRAINT ck_collection_bills_3 CHECK (principal_fen + late_fee_fen > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
