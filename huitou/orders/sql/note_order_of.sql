-- One row per order that was another customer's until now: theirs are the figures that change too.
INSERT INTO orders_touched (customer_id, month_on, source, number)
SELECT %(customer_id)s, date_trunc('month', ordered_on)::date, source, number
  FROM orders_order WHERE id = ANY(%(order_ids)s)
