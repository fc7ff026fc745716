-- One row per sale row of an order, with what is left of it after returns.
SELECT l.position, l.quantity, l.amount_minor,
       CASE WHEN l.is_returned THEN 0 ELSE l.quantity - coalesce(t.quantity, 0) END,
       CASE WHEN l.is_returned THEN 0 ELSE l.amount_minor - coalesce(t.amount_minor, 0)::bigint END, l.discount_minor
  FROM orders_orderline l
  LEFT JOIN (SELECT sale_position, sum(quantity) AS quantity, sum(amount_minor)::bigint AS amount_minor
               FROM orders_returnmatch WHERE sale_order_id = %(order_id)s GROUP BY sale_position) t
         ON t.sale_position = l.position
 WHERE l.order_id = %(order_id)s AND l.quantity >= 0 AND l.amount_minor >= 0
 ORDER BY l.position
