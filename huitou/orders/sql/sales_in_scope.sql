-- One row per sale row a return in scope may go back to, with what returns out of scope took of it.
WITH named AS (
    SELECT DISTINCT o.id FROM orders_scope_return r
      JOIN orders_order o ON o.source = r.source AND o.number = r.refund_of WHERE r.refund_of <> ''
),
of_buyers AS (
    SELECT l.order_id, l.position, o.customer_id, l.product_id, o.ordered_on, o.ordered_at, l.quantity, l.amount_minor
      FROM orders_scope_pair p
      JOIN orders_order o ON o.customer_id = p.customer_id AND o.status IN ('paid', 'returned')
      JOIN orders_orderline l ON l.order_id = o.id AND coalesce(l.product_id, -1) = p.product_id
       AND NOT l.is_returned AND l.quantity >= 0 AND l.amount_minor >= 0
),
of_named AS (
    SELECT l.order_id, l.position, o.customer_id, l.product_id, o.ordered_on, o.ordered_at, l.quantity, l.amount_minor
      FROM named n
      JOIN orders_order o ON o.id = n.id AND o.status IN ('paid', 'returned')
      JOIN orders_orderline l ON l.order_id = o.id AND NOT l.is_returned AND l.quantity >= 0 AND l.amount_minor >= 0
),
sales AS (SELECT * FROM of_buyers UNION SELECT * FROM of_named)
SELECT s.order_id, s.position, s.customer_id, s.product_id,
       s.ordered_on - date '1970-01-01', (extract(epoch FROM s.ordered_at) * 1000000)::bigint,
       (s.quantity * 1000000)::bigint, s.amount_minor,
       coalesce(t.quantity * 1000000, 0)::bigint, coalesce(t.amount_minor, 0)::bigint
  FROM sales s
  LEFT JOIN LATERAL (SELECT sum(m.quantity) AS quantity, sum(m.amount_minor) AS amount_minor
                       FROM orders_returnmatch m
                      WHERE m.sale_order_id = s.order_id AND m.sale_position = s.position) t ON true
