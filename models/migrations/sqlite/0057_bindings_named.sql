-- Gives the bindings made so far the name that they were made in: of those who hold or held the room in the role, who registered the user's phone; else who held it on the day of the binding; else who holds it now; else the last. A binding to a room that nobody ever held keeps no name.
-- +goose Up
UPDATE bindings SET owner_id = n.owner_id, from_on = n.from_on, until_on = n.to_on, items = n.items
FROM (
  SELECT b.id AS binding_id, t.owner_id, t.to_on,
    CASE b.role WHEN 'tenant' THEN t.from_on ELSE '' END AS from_on,
    CASE b.role WHEN 'tenant' THEN t.items ELSE '' END AS items,
    ROW_NUMBER() OVER (PARTITION BY b.id ORDER BY
      CASE WHEN o.phone_index <> '' AND o.phone_index = u.phone_index THEN 0 ELSE 1 END,
      CASE WHEN t.from_on <= date(b.created_at / 1000 + 28800, 'unixepoch') AND (t.to_on = '' OR t.to_on >= date(b.created_at / 1000 + 28800, 'unixepoch')) THEN 0 ELSE 1 END,
      CASE t.to_on WHEN '' THEN 0 ELSE 1 END, t.from_on DESC, t.id DESC) AS nth
  FROM bindings b JOIN users u ON u.id = b.user_id
  JOIN tenures t ON t.room_id = b.room_id AND t.role = CASE b.role WHEN 'tenant' THEN 'tenant' ELSE 'owner' END
  JOIN owners o ON o.id = t.owner_id) n
WHERE n.binding_id = bindings.id AND n.nth = 1;
