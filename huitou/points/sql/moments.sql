-- One row per transfer of a member's unit, the latest to have happened first: unlike the statement, which is in the order
-- of posting. Each transfer names the one before it, so no index is needed; at most %(most)s are looked through.
-- %(at)s, %(id)s  the last moment already seen, or null        %(limit)s  how many rows
WITH RECURSIVE mine AS (
    SELECT id, last_transfer_id
      FROM points_account
     WHERE customer_id = %(customer_id)s AND programme_id = %(programme_id)s AND unit = %(unit)s
), line AS (
    SELECT t.*, m.id AS account_id, 1 AS place
      FROM mine m JOIN points_transfer t ON t.id = m.last_transfer_id
     UNION ALL
    SELECT t.*, line.account_id, line.place + 1
      FROM line JOIN points_transfer t ON t.id = line.previous_id
     WHERE line.place < %(most)s
)
SELECT id, kind, CASE WHEN credit = account_id THEN points ELSE -points END, balance_after, occurred_at,
       nullif(expires_on, 'infinity'), why, source, external_id
  FROM line
 WHERE %(at)s::timestamptz IS NULL OR (occurred_at, id) < (%(at)s, %(id)s)
 ORDER BY occurred_at DESC, id DESC
 LIMIT %(limit)s
