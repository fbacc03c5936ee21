-- Gives the bindings made so far the name that they were made in: of those who hold or held the room in the role, who registered the user's phone; else who held it on the day of the binding; else who holds it now; else the last. A binding to a room that nobody ever held keeps no name.
-- +goose Up
UPDATE bindings SET owner_id = t.owner_id, until_on = t.to_on,
  from_on = CASE bindings.role WHEN 'tenant' THEN t.from_on ELSE '' END,
  items = CASE bindings.role WHEN 'tenant' THEN t.items ELSE '' END
FROM tenures t WHERE t.id = (
  SELECT x.id FROM tenures x JOIN owners o ON o.id = x.owner_id JOIN users u ON u.id = bindings.user_id
  WHERE x.room_id = bindings.room_id AND x.role = CASE bindings.role WHEN 'tenant' THEN 'tenant' ELSE 'owner' END
  ORDER BY CASE WHEN o.phone_index <> '' AND o.phone_index = u.phone_index THEN 0 ELSE 1 END,
    CASE WHEN x.from_on <= date(bindings.created_at / 1000 + 28800, 'unixepoch')
      AND (x.to_on = '' OR x.to_on >= date(bindings.created_at / 1000 + 28800, 'unixepoch')) THEN 0 ELSE 1 END,
    CASE x.to_on WHEN '' THEN 0 ELSE 1 END, x.from_on DESC, x.id DESC
  LIMIT 1);
