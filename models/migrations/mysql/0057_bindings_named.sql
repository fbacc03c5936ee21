-- Gives the bindings made so far the name that they were made in: of those who hold or held the room in the role, who registered the user's phone; else who held it on the day of the binding; else who holds it now; else the last. A binding to a room that nobody ever held keeps no name.
-- +goose Up
UPDATE bindings g JOIN (
  SELECT b.id AS binding_id, t.owner_id, t.to_on,
    CASE b.role WHEN 'tenant' THEN t.from_on ELSE '' END AS from_on,
    CASE b.role WHEN 'tenant' THEN t.items ELSE '' END AS items,
    ROW_NUMBER() OVER (PARTITION BY b.id ORDER BY
      CASE WHEN o.phone_index <> '' AND o.phone_index = u.phone_index THEN 0 ELSE 1 END,
      CASE WHEN t.from_on <= CONVERT(DATE_FORMAT(DATE_ADD('1970-01-01', INTERVAL b.created_at DIV 1000 + 28800 SECOND), '%Y-%m-%d') USING ascii)
        AND (t.to_on = '' OR t.to_on >= CONVERT(DATE_FORMAT(DATE_ADD('1970-01-01', INTERVAL b.created_at DIV 1000 + 28800 SECOND), '%Y-%m-%d') USING ascii)) THEN 0 ELSE 1 END,
      CASE t.to_on WHEN '' THEN 0 ELSE 1 END, t.from_on DESC, t.id DESC) AS nth
  FROM bindings b JOIN users u ON u.id = b.user_id
  JOIN tenures t ON t.room_id = b.room_id AND t.role = CASE b.role WHEN 'tenant' THEN 'tenant' ELSE 'owner' END
  JOIN owners o ON o.id = t.owner_id) n ON n.binding_id = g.id AND n.nth = 1
SET g.owner_id = n.owner_id, g.from_on = n.from_on, g.until_on = n.to_on, g.items = n.items;
