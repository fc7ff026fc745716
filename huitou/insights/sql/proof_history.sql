-- One row per unit of an audience that bought after %(since_on)s up to %(until_on)s: its money in those days.
-- %(share)s margin of sales whose cost is not known; null = sales, no profit
SELECT p.unit_id,
       sum(CASE WHEN %(share)s::float8 IS NULL THEN o.net_minor - o.tax_minor
                ELSE o.costed_minor - coalesce(o.cost_minor - o.delivery_minor, 0) - o.delivery_minor - %(serving_minor)s
                     + (o.net_minor - o.tax_minor - o.costed_minor) * %(share)s::float8
           END)::float8
  FROM unnest(%(customer_ids)s::bigint[], %(unit_ids)s::bigint[]) AS p (customer_id, unit_id)
  JOIN orders_v_net o ON o.customer_id = p.customer_id
 WHERE o.is_counted AND o.ordered_on > %(since_on)s AND o.ordered_on <= %(until_on)s
 GROUP BY p.unit_id
