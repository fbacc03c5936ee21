-- What a cashier entered of a payment. voucher_key is the voucher while the payment stands, and unique; a reversal frees it. form_key is the form that was posted: posted twice, booked once.
-- +goose Up
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
