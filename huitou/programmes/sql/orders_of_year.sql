-- One row per paid order of a member since a day, whether they had joined by then or not: what rules are tried on.
SELECT o.customer_id, o.source, o.number, o.ordered_at, (o.ordered_at AT TIME ZONE %(zone)s)::date AS earned_on,
       o.total_minor - o.returned_minor AS paid_minor, o.tax_minor, o.total_minor AS price_minor,
       NULL::bigint AS rule_version_id
  FROM programmes_membership m
  JOIN orders_v_net o ON o.customer_id = m.customer_id
 WHERE m.left_at IS NULL AND o.status = 'paid' AND o.total_minor > o.returned_minor
   AND o.ordered_on >= %(since)s
 ORDER BY o.customer_id, o.ordered_at, o.source, o.number
 LIMIT %(most)s
