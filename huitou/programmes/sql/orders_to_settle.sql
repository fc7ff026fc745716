-- One row per order of these members whose earning may not be what its money earns: not earned yet, changed, returned,
-- or no longer theirs. Days are those of the programme's zone.
WITH member AS (
    SELECT customer_id, joined_on, left_on FROM programmes_membership WHERE customer_id = ANY(%(customer_ids)s)
),
fresh AS (
    SELECT m.customer_id, o.source, o.number, o.ordered_at, o.total_minor - o.returned_minor AS paid_minor, o.tax_minor,
           o.total_minor AS price_minor
      FROM member m
      JOIN orders_v_net o ON o.customer_id = m.customer_id
     WHERE o.status = 'paid' AND o.total_minor > o.returned_minor
       AND (o.ordered_at AT TIME ZONE %(zone)s)::date BETWEEN m.joined_on AND coalesce(m.left_on, 'infinity')
       AND NOT EXISTS (SELECT FROM programmes_earning e WHERE e.source = o.source AND e.number = o.number
                                                          AND e.customer_id = m.customer_id)
),
known AS (
    SELECT e.customer_id, e.source, e.number, o.ordered_at,
           CASE WHEN o.status = 'paid' AND o.customer_id = e.customer_id THEN o.total_minor - o.returned_minor ELSE 0 END
               AS paid_minor,
           coalesce(o.tax_minor, 0) AS tax_minor, coalesce(o.total_minor, 0) AS price_minor, e.earned_on, e.base_minor,
           e.rule_version_id
      FROM programmes_earning e
      JOIN member m USING (customer_id)
      LEFT JOIN orders_v_net o ON o.source = e.source AND o.number = e.number
)
SELECT customer_id, source, number, ordered_at, (ordered_at AT TIME ZONE %(zone)s)::date AS earned_on,
       paid_minor, tax_minor, price_minor, NULL::bigint AS rule_version_id
  FROM fresh
 UNION ALL
SELECT customer_id, source, number, coalesce(ordered_at, (earned_on + time '12:00') AT TIME ZONE %(zone)s), earned_on,
       paid_minor, tax_minor, price_minor, rule_version_id
  FROM known
 WHERE paid_minor <> base_minor
 ORDER BY customer_id, earned_on, ordered_at, source, number
