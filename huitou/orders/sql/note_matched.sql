-- One row per order that takes part in a return in scope: it must be settled.
INSERT INTO orders_to_settle (order_id)
SELECT order_id FROM orders_scope_return
 UNION
SELECT m.sale_order_id FROM orders_returnmatch m
  JOIN orders_scope_return r ON m.return_order_id = r.order_id AND m.return_position = r.position
    ON CONFLICT DO NOTHING
