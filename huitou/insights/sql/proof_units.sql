-- One row per unit drawn in a campaign: its arm, what it bought in the window, what it had bought before.
-- %(since)s the draw   %(until_on)s last day of the window   %(before_on)s the day W days before the draw
-- %(year_on)s the day 360 days before the draw   %(share)s margin of sales whose cost is not known; null = sales, no profit
WITH bought AS MATERIALIZED (
    SELECT p.unit_id, p.arm, o.ordered_on, o.ordered_at >= %(since)s AS is_after,
           CASE WHEN %(share)s::float8 IS NULL THEN o.net_minor - o.tax_minor
                ELSE o.costed_minor - coalesce(o.cost_minor - o.delivery_minor, 0) - o.delivery_minor - %(serving_minor)s
                     + (o.net_minor - o.tax_minor - o.costed_minor) * %(share)s::float8
           END AS money
      FROM campaigns_v_assignment p
      LEFT JOIN orders_v_net o ON o.customer_id = p.customer_id AND o.is_counted AND o.ordered_on <= %(until_on)s
     WHERE p.campaign_id = %(campaign_id)s AND p.arm <> 'not_reached'
)
SELECT unit_id,
       min(arm) = 'treated',
       count(DISTINCT ordered_on) FILTER (WHERE is_after),
       coalesce(sum(money) FILTER (WHERE is_after), 0)::float8,
       coalesce(sum(money) FILTER (WHERE NOT is_after AND ordered_on > %(before_on)s), 0)::float8,
       count(DISTINCT ordered_on) FILTER (WHERE NOT is_after AND ordered_on > %(before_on)s),
       coalesce(sum(money) FILTER (WHERE NOT is_after AND ordered_on > %(year_on)s), 0)::float8,
       count(DISTINCT ordered_on) FILTER (WHERE NOT is_after),
       coalesce(%(drawn_on)s::date - max(ordered_on) FILTER (WHERE NOT is_after), -1)
  FROM bought
 GROUP BY unit_id
 ORDER BY unit_id
