-- What rooms have prepaid so far is general, for any fee item. The room's id serves as the id of its first balance.
-- +goose Up
INSERT INTO prepaid_balances (id, room_id, item, amount_fen, created_at, updated_at)
SELECT id, id, '', prepaid_fen, updated_at, updated_at FROM rooms WHERE prepaid_fen <> 0;
