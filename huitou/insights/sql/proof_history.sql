-- One row per unit of an audience that bought after %(since_on)s up to %(until_on)s: its orders and their money in those
-- days, apart by whether the cost is known, and by what name the measurement in force calls money, with its margin.
SELECT p.unit_id,
       sum(o.net_minor - o.tax_minor)::float8,
       sum(o.costed_minor - coalesce(o.cost_minor - o.delivery_minor, 0) - o.delivery_minor)::float8,
       sum(o.net_minor - o.tax_minor - o.costed_minor)::float8,
       count(*)::float8,
       min(run.name),
       min(run.margin)
  FROM unnest(%(customer_ids)s::bigint[], %(unit_ids)s::bigint[]) AS p (customer_id, unit_id)
  JOIN orders_v_net o ON o.customer_id = p.customer_id
  LEFT JOIN (SELECT report #>> '{money,name}' AS name, (report #>> '{money,margin}')::float8 AS margin
               FROM insights_run WHERE state = 'done' ORDER BY finished_at DESC, id DESC LIMIT 1) run ON true
 WHERE o.is_counted AND o.ordered_on > %(since_on)s AND o.ordered_on <= %(until_on)s
 GROUP BY p.unit_id
