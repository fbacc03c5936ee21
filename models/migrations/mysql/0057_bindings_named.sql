-- Gives the bindings made so far the name that they were made in: of those who hold or held the room in the role, who registered the user's phone; else who held it on the day of the binding; else who holds it now; else the last. A binding to a room that nobody ever held keeps no name.
-- +goose Up
UPDATE bindings b JOIN tenures t ON t.id = (
  SELECT x.id FROM tenures x JOIN owners o ON o.id = x.owner_id JOIN users u ON u.id = b.user_id
  WHERE x.room_id = b.room_id AND x.role = CASE b.role WHEN 'tenant' THEN 'tenant' ELSE 'owner' END
  ORDER BY CASE WHEN o.phone_index <> '' AND o.phone_index = u.phone_index THEN 0 ELSE 1 END,
    CASE WHEN x.from_on <= CONVERT(DATE_FORMAT(DATE_ADD('1970-01-01', INTERVAL b.created_at DIV 1000 + 28800 SECOND), '%Y-%m-%d') USING ascii)
      AND (x.to_on = '' OR x.to_on >= CONVERT(DATE_FORMAT(DATE_ADD('1970-01-01', INTERVAL b.created_at DIV 1000 + 28800 SECOND), '%Y-%m-%d') USING ascii)) THEN 0 ELSE 1 END,
    CASE x.to_on WHEN '' THEN 0 ELSE 1 END, x.from_on DESC, x.id DESC
  LIMIT 1)
SET b.owner_id = t.owner_id, b.until_on = t.to_on,
  b.from_on = CASE b.role WHEN 'tenant' THEN t.from_on ELSE '' END,
  b.items = CASE b.role WHEN 'tenant' THEN t.items ELSE '' END;
