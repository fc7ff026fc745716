-- One row per customer whose history an order leaves, with the order's month and source number.
INSERT INTO orders_touched (customer_id, month_on, source, number)
SELECT o.customer_id, date_trunc('month', o.ordered_on)::date, o.source, o.number
  FROM orders_order o JOIN orders_leaving g ON g.order_id = o.id
