-- One row per open lot of a member's unit, soonest to expire first.
-- %(today)s  leave out what is past on this business day; null = leave out nothing
SELECT l.transfer_id, l.remaining, l.effective_on, nullif(l.expires_on, 'infinity'), t.occurred_at
  FROM points_account a
  JOIN points_openlot l ON l.account_id = a.id
  JOIN points_transfer t ON t.id = l.transfer_id
 WHERE a.customer_id = %(customer_id)s AND a.programme_id = %(programme_id)s AND a.unit = %(unit)s
   AND (%(today)s::date IS NULL OR l.expires_on >= %(today)s)
 ORDER BY l.expires_on, l.transfer_id;
