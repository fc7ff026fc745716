-- One row per unit that could be contacted when the year was drawn: whether held out, its purchases and money since.
-- %(since_on)s the first 90 days after the draw are left out   %(until_on)s the last day counted
WITH people AS (
    SELECT customer_id, unit_id, is_held_out
      FROM campaigns_v_global
     WHERE year = %(year)s AND entered_at = drawn_at AND is_contactable
), bought AS (
    SELECT p.unit_id, o.ordered_on,
           CASE WHEN %(share)s::float8 IS NULL THEN o.net_minor - o.tax_minor
                ELSE o.costed_minor - coalesce(o.cost_minor - o.delivery_minor, 0) - o.delivery_minor - %(serving_minor)s
                     + (o.net_minor - o.tax_minor - o.costed_minor) * %(share)s::float8
           END AS money
      FROM people p
      JOIN orders_v_net o ON o.customer_id = p.customer_id
     WHERE o.is_counted AND o.ordered_on > %(since_on)s AND o.ordered_on <= %(until_on)s
)
SELECT u.unit_id, NOT u.is_held_out, coalesce(count(DISTINCT b.ordered_on), 0), coalesce(sum(b.money), 0)::float8
  FROM (SELECT DISTINCT unit_id, is_held_out FROM people) u
  LEFT JOIN bought b USING (unit_id)
 GROUP BY u.unit_id, u.is_held_out
 ORDER BY u.unit_id
