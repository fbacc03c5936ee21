-- A request for a tax invoice about a payment: the title, and what finance did about it. active is the payment while the request is asked or issued, so that one payment has one invoice.
-- +goose Up
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
CREATE INDEX ix_invoice_requests_status_id ON invoice_requests (status, id);
CREATE INDEX ix_invoice_requests_payment_id ON invoice_requests (payment_id);
CREATE INDEX ix_invoice_requests_room_id_created_at ON invoice_requests (room_id, created_at);
