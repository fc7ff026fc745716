-- One row per order to settle: what is left of it after returns. %(factor)s minor units are one major.
-- The same sums as plan/orders.sql makes for orders without returns.
WITH line AS (
    SELECT l.order_id, l.amount_minor, l.unit_cost, l.tax_minor, l.is_returned,
           l.quantity < 0 OR l.amount_minor < 0 AS is_return,
           CASE WHEN l.is_returned THEN l.amount_minor ELSE coalesce(t.amount_minor, 0) END AS back_minor,
           CASE WHEN l.is_returned THEN 0 ELSE l.quantity - coalesce(t.quantity, 0) END AS kept_quantity,
           l.quantity, coalesce(g.amount_minor, 0) AS matched_minor
      FROM orders_to_settle x
      JOIN orders_orderline l ON l.order_id = x.order_id
      LEFT JOIN orders_taken t ON t.sale_order_id = l.order_id AND t.sale_position = l.position
      LEFT JOIN orders_given g ON g.return_order_id = l.order_id AND g.return_position = l.position
),
summed AS (
    SELECT order_id,
           coalesce(sum(amount_minor) FILTER (WHERE NOT is_return), 0) AS total_minor,
           coalesce(sum(back_minor) FILTER (WHERE NOT is_return), 0) AS returned_minor,
           coalesce(sum(-amount_minor - matched_minor) FILTER (WHERE is_return), 0) AS unmatched_minor,
           count(*) FILTER (WHERE NOT is_return) AS sale_rows,
           count(*) FILTER (WHERE NOT is_return AND NOT is_returned AND (kept_quantity > 0 OR quantity = 0)) AS kept_rows,
           sum(round(kept_quantity * unit_cost * %(factor)s)) FILTER (WHERE NOT is_return AND NOT is_returned)
               AS goods_cost_minor,
           coalesce(sum(amount_minor - back_minor
                        - CASE WHEN amount_minor = 0 THEN tax_minor
                               ELSE round(tax_minor * (amount_minor - back_minor)::numeric / amount_minor) END)
                    FILTER (WHERE NOT is_return AND NOT is_returned AND unit_cost IS NOT NULL), 0) AS costed_minor
      FROM line GROUP BY order_id
)
UPDATE orders_order o
   SET returned_minor = s.returned_minor,
       unmatched_minor = CASE WHEN o.status IN ('paid', 'returned') THEN s.unmatched_minor ELSE 0 END,
       cost_minor = s.goods_cost_minor + o.delivery_minor,
       costed_minor = s.costed_minor,
       is_counted = o.status = 'paid' AND s.sale_rows > 0
           AND CASE WHEN s.total_minor > 0 THEN s.returned_minor < s.total_minor ELSE s.kept_rows > 0 END
  FROM summed s
 WHERE s.order_id = o.id
