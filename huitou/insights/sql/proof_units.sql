-- One row per unit drawn in a campaign: its arm, what it bought in the window, what it had bought before.
-- %(since)s the draw   %(until_on)s last day of the window   %(before_on)s the day W days before the draw
-- %(year_on)s the day 360 days before the draw   %(share)s margin of sales whose cost is not known; null = sales, no profit
WITH people AS (
    SELECT customer_id, unit_id, arm
      FROM campaigns_v_assignment
     WHERE campaign_id = %(campaign_id)s AND arm <> 'not_reached'
), bought AS (
    SELECT p.unit_id, o.ordered_on,
           o.ordered_at >= %(since)s AS is_after,
           CASE WHEN %(share)s::float8 IS NULL THEN o.net_minor - o.tax_minor
                ELSE o.costed_minor - coalesce(o.cost_minor - o.delivery_minor, 0) - o.delivery_minor - %(serving_minor)s
                     + (o.net_minor - o.tax_minor - o.costed_minor) * %(share)s::float8
           END AS money
      FROM people p
      JOIN orders_v_net o ON o.customer_id = p.customer_id
     WHERE o.is_counted AND o.ordered_on <= %(until_on)s
), sums AS (
    SELECT unit_id,
           count(DISTINCT ordered_on) FILTER (WHERE is_after) AS purchases,
           sum(money) FILTER (WHERE is_after) AS money,
           sum(money) FILTER (WHERE NOT is_after AND ordered_on > %(before_on)s) AS money_before,
           count(DISTINCT ordered_on) FILTER (WHERE NOT is_after AND ordered_on > %(before_on)s) AS purchases_before,
           sum(money) FILTER (WHERE NOT is_after AND ordered_on > %(year_on)s) AS money_year,
           count(DISTINCT ordered_on) FILTER (WHERE NOT is_after) AS purchases_ever,
           max(ordered_on) FILTER (WHERE NOT is_after) AS last_on
      FROM bought
     GROUP BY unit_id
)
SELECT u.unit_id,
       u.arm = 'treated',
       coalesce(s.purchases, 0),
       coalesce(s.money, 0)::float8,
       coalesce(s.money_before, 0)::float8,
       coalesce(s.purchases_before, 0),
       coalesce(s.money_year, 0)::float8,
       coalesce(s.purchases_ever, 0),
       coalesce(%(drawn_on)s::date - s.last_on, -1)
  FROM (SELECT DISTINCT unit_id, arm FROM people) u
  LEFT JOIN sums s USING (unit_id)
 ORDER BY u.unit_id
