-- One row per transfer of a member's unit, newest first: each transfer names the one before it, so no index is needed.
-- %(before)s  the last transfer already seen, or null        %(limit)s  how many rows
WITH RECURSIVE mine AS (
    SELECT id, last_transfer_id
      FROM points_account
     WHERE customer_id = %(customer_id)s AND programme_id = %(programme_id)s AND unit = %(unit)s
), line AS (
    SELECT t.*, m.id AS account_id, 1 AS place
      FROM mine m
      JOIN points_transfer t ON t.id = CASE
           WHEN %(before)s::bigint IS NULL THEN m.last_transfer_id
           ELSE (SELECT b.previous_id FROM points_transfer b WHERE b.id = %(before)s AND m.id IN (b.debit, b.credit))
           END
     UNION ALL
    SELECT t.*, line.account_id, line.place + 1
      FROM line
      JOIN points_transfer t ON t.id = line.previous_id
     WHERE line.place < %(limit)s
)
SELECT id, kind, CASE WHEN credit = account_id THEN points ELSE -points END, balance_after, occurred_at,
       nullif(expires_on, 'infinity'), why, source, external_id
  FROM line
 ORDER BY place;
