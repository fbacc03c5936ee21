-- What metered bills issued so far have counted: the readings of their room and fee item in their period that were there when they were issued. Figures have four decimals at most, so that their product is exact in integers. The reading's id serves as the id of its usage.
-- +goose Up
INSERT INTO meter_usages (id, reading_id, room_id, item, period_start, quantity, bill_id, waiting, created_at)
WITH figures AS (
  SELECT r.id AS reading_id, b.room_id AS room_id, b.item AS item, b.period_start AS period_start, b.id AS bill_id, b.created_at AS created_at,
    (CAST(r.value AS INTEGER) * 10000 + CASE instr(r.value, '.') WHEN 0 THEN 0 ELSE CAST(substr(substr(r.value, instr(r.value, '.') + 1) || '0000', 1, 4) AS INTEGER) END
      - CAST(r.previous AS INTEGER) * 10000 - CASE instr(r.previous, '.') WHEN 0 THEN 0 ELSE CAST(substr(substr(r.previous, instr(r.previous, '.') + 1) || '0000', 1, 4) AS INTEGER) END)
    * (CAST(m.multiplier AS INTEGER) * 10000 + CASE instr(m.multiplier, '.') WHEN 0 THEN 0 ELSE CAST(substr(substr(m.multiplier, instr(m.multiplier, '.') + 1) || '0000', 1, 4) AS INTEGER) END) AS q
  FROM bills b JOIN meters m ON m.room_id = b.room_id AND m.item = b.item JOIN readings r ON r.meter_id = m.id
  WHERE b.source = 'run' AND b.status <> 'void' AND b.basis LIKE '{"kind":"meter"%'
    AND r.previous <> '' AND r.read_on BETWEEN b.period_start AND b.period_end AND r.created_at <= b.created_at)
SELECT reading_id, reading_id, room_id, item, period_start, rtrim(rtrim(printf('%d.%08d', q / 100000000, q % 100000000), '0'), '.'), bill_id, 0, created_at
FROM figures WHERE typeof(q) = 'integer' AND q >= 0;
