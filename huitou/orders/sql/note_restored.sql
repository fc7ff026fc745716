-- One row per restored order: its customer, month and number.
INSERT INTO orders_touched (customer_id, month_on, source, number)
SELECT o.customer_id, date_trunc('month', o.ordered_on)::date, o.source, o.number
  FROM orders_order o JOIN orders_orderbeforeimage b ON b.order_id = o.id
 WHERE b.import_id = %(import_id)s
