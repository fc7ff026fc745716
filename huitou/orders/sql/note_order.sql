-- One row per order of the till to tell of: its customer, month and number.
INSERT INTO orders_touched (customer_id, month_on, source, number)
SELECT customer_id, date_trunc('month', ordered_on)::date, source, number
  FROM orders_order WHERE id = ANY(%(order_ids)s)
