-- One row per order about to be changed: the order and its rows as they are now.
INSERT INTO orders_orderbeforeimage (import_id, order_id, image)
SELECT %(import_id)s, o.id,
       jsonb_build_object('order', to_jsonb(o), 'lines',
                          (SELECT coalesce(jsonb_agg(to_jsonb(l) ORDER BY l.position), '[]')
                             FROM orders_orderline l WHERE l.order_id = o.id))
  FROM orders_order o
  JOIN orders_leaving g ON g.order_id = o.id
