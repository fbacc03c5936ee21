-- What metered bills issued so far have counted: the readings of their room and fee item in their period that were there when they were issued. Figures have four decimals at most. The reading's id serves as the id of its usage.
-- +goose Up
INSERT INTO meter_usages (id, reading_id, room_id, item, period_start, quantity, bill_id, waiting, created_at)
SELECT r.id, r.id, b.room_id, b.item, b.period_start,
  TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM CAST((CAST(r.value AS DECIMAL(20,4)) - CAST(r.previous AS DECIMAL(20,4))) * CAST(m.multiplier AS DECIMAL(12,4)) AS CHAR))),
  b.id, 0, b.created_at
FROM bills b JOIN meters m ON m.room_id = b.room_id AND m.item = b.item JOIN readings r ON r.meter_id = m.id
WHERE b.source = 'run' AND b.status <> 'void' AND b.basis LIKE '{"kind":"meter"%'
  AND r.previous <> '' AND r.read_on BETWEEN b.period_start AND b.period_end AND r.created_at <= b.created_at;
