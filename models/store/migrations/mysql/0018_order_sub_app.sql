-- +goose Up

-- In partner mode the company's own mini-program, under which the payer is known; app_id is then the provider's app.
-- Empty: the mini-program is app_id.
ALTER TABLE orders ADD COLUMN sub_app_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';
