-- One row per settled order: its customer and month were touched too.
INSERT INTO orders_touched (customer_id, month_on, source, number)
SELECT o.customer_id, date_trunc('month', o.ordered_on)::date, o.source, o.number
  FROM orders_order o JOIN (SELECT DISTINCT order_id FROM orders_to_settle) s ON s.order_id = o.id
