-- The refunds of a merchant's day, for reconciliation.
-- +goose Up
CREATE INDEX ix_refunds_merchant_accepted_at ON refunds (merchant, accepted_at);
