-- One row per customer whose orders were touched and store: the last day of a counted order there.
INSERT INTO fresh_store_person (customer_id, store_id, last_ordered_on)
SELECT o.customer_id, o.store_id, max(o.ordered_on)
  FROM orders_order o
 WHERE o.is_counted AND o.customer_id IN (SELECT customer_id FROM orders_touched)
 GROUP BY o.customer_id, o.store_id
