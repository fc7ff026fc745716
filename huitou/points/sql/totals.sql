-- One row: what happened to a programme's unit within a span of time, and what its members have and owe now.
WITH house AS (
    SELECT id, name FROM points_account
     WHERE programme_id = %(programme_id)s AND unit = %(unit)s AND customer_id IS NULL
), moved AS (
    SELECT t.kind, given.name IS NOT NULL AS is_given, sum(t.points)::bigint AS points
      FROM points_transfer t
      LEFT JOIN house given ON given.id = t.debit
      LEFT JOIN house taken ON taken.id = t.credit
     WHERE t.occurred_at >= %(since)s AND t.occurred_at < %(until)s
       AND (given.id IS NOT NULL OR taken.id IS NOT NULL)
     GROUP BY t.kind, is_given
), now AS (
    SELECT coalesce(sum(greatest(balance, 0)), 0)::bigint AS outstanding, coalesce(sum(owed), 0)::bigint AS owed
      FROM points_account
     WHERE programme_id = %(programme_id)s AND unit = %(unit)s AND customer_id IS NOT NULL
), summed AS (
    SELECT coalesce(sum(points) FILTER (WHERE kind = 'award'), 0)::bigint AS issued,
           coalesce(sum(CASE WHEN kind = 'redeem' THEN points ELSE -points END)
               FILTER (WHERE kind = 'redeem' OR kind = 'reverse' AND is_given), 0)::bigint AS redeemed,
           coalesce(sum(points) FILTER (WHERE kind = 'expire'), 0)::bigint AS expired,
           coalesce(sum(points) FILTER (WHERE kind = 'reverse' AND NOT is_given), 0)::bigint AS reversed,
           coalesce(sum(CASE WHEN is_given THEN points ELSE -points END) FILTER (WHERE kind = 'adjust'), 0)::bigint AS adjusted
      FROM moved
)
SELECT issued, redeemed, expired, reversed, adjusted, outstanding, now.owed FROM summed CROSS JOIN now;
