-- What a cashier entered of a payment. voucher_key is the voucher while the payment stands, and unique; a reversal frees it. form_key is the form that was posted: posted twice, booked once.
-- +goose Up
CREATE TABLE desk_entries (
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
