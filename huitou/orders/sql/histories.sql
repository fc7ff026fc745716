-- One row per customer whose orders were touched and are left: first, last and ever of the counted ones.
INSERT INTO fresh_person (customer_id, first_ordered_on, last_ordered_on, purchases, net_minor, main_store_id)
SELECT o.customer_id, min(o.ordered_on) FILTER (WHERE o.is_counted), max(o.ordered_on) FILTER (WHERE o.is_counted),
       count(DISTINCT o.ordered_on) FILTER (WHERE o.is_counted),
       sum(CASE WHEN o.is_counted THEN o.total_minor - o.returned_minor ELSE 0 END - o.unmatched_minor),
       -- the store with most counted orders, the smaller id of equals
       mode() WITHIN GROUP (ORDER BY o.store_id) FILTER (WHERE o.is_counted)
  FROM orders_order o
 WHERE o.customer_id IN (SELECT customer_id FROM orders_touched)
 GROUP BY o.customer_id
HAVING bool_or(o.is_counted) OR sum(o.unmatched_minor) <> 0
