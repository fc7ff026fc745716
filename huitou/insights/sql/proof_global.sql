-- One row per unit that could be contacted when the year was drawn: whether not held out, its purchases and money since.
-- %(since_on)s the first 90 days after the draw are left out   %(until_on)s the last day counted
WITH bought AS MATERIALIZED (
    SELECT p.unit_id, p.is_held_out, o.ordered_on,
           CASE WHEN %(share)s::float8 IS NULL THEN o.net_minor - o.tax_minor
                ELSE o.costed_minor - coalesce(o.cost_minor - o.delivery_minor, 0) - o.delivery_minor - %(serving_minor)s
                     + (o.net_minor - o.tax_minor - o.costed_minor) * %(share)s::float8
           END AS money
      FROM campaigns_v_global p
      LEFT JOIN orders_v_net o ON o.customer_id = p.customer_id AND o.is_counted
                              AND o.ordered_on > %(since_on)s AND o.ordered_on <= %(until_on)s
     WHERE p.year = %(year)s AND p.entered_at = p.drawn_at AND p.is_contactable
)
SELECT unit_id, NOT bool_or(is_held_out), count(DISTINCT ordered_on), coalesce(sum(money), 0)::float8
  FROM bought
 GROUP BY unit_id
 ORDER BY unit_id
