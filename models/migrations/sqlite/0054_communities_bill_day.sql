-- On bill_day of each month the bills of a 小区 are issued; 0: only when asked.
-- +goose Up
ALTER TABLE communities ADD COLUMN bill_day INTEGER NOT NULL DEFAULT 0 CONSTRAINT ck_communities_3 CHECK (bill_day BETWEEN 0 AND 28);
