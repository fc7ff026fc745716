-- One row per member asked for who has an account in the unit: what they have.
-- %(today)s  the business day on which points are to be usable, or null: whatever is not swept yet
SELECT a.customer_id, a.balance, a.owed, a.held,
       greatest(0, CASE WHEN %(today)s::date IS NULL THEN a.balance ELSE
           (SELECT coalesce(sum(l.remaining), 0) FROM points_openlot l
             WHERE l.account_id = a.id AND l.expires_on >= %(today)s AND l.effective_on <= %(today)s) END - a.held)::bigint
  FROM points_account a
 WHERE a.customer_id = ANY (%(customer_ids)s) AND a.programme_id = %(programme_id)s AND a.unit = %(unit)s;
