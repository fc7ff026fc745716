-- One row per return row that has to be matched again: of a customer whose history was touched, or naming an order that was.
DROP TABLE IF EXISTS pg_temp.orders_scope_return, pg_temp.orders_scope_pair;
CREATE TEMP TABLE orders_scope_return ON COMMIT DROP AS
SELECT l.order_id, l.position, o.source, o.import_id, o.customer_id, l.product_id, o.ordered_on, o.ordered_at,
       (-l.quantity * 1000000)::bigint AS quantity, -l.amount_minor AS amount_minor, l.refund_of
  FROM orders_orderline l
  JOIN orders_order o ON o.id = l.order_id
 WHERE (l.quantity < 0 OR l.amount_minor < 0)
   AND o.status IN ('paid', 'returned')
   AND (o.customer_id IN (SELECT customer_id FROM orders_touched WHERE customer_id IS NOT NULL)
        OR (l.refund_of <> '' AND ((o.source, l.refund_of) IN (SELECT source, number FROM orders_touched)
                                   OR (o.source, o.number) IN (SELECT source, number FROM orders_touched))));
ALTER TABLE orders_scope_return ADD PRIMARY KEY (order_id, position);
-- One row per customer and product (-1: none is named) whose sales such a return may go back to.
CREATE TEMP TABLE orders_scope_pair ON COMMIT DROP AS
SELECT DISTINCT customer_id, coalesce(product_id, -1) AS product_id
  FROM orders_scope_return
 WHERE refund_of = '' AND customer_id IS NOT NULL;
ALTER TABLE orders_scope_pair ADD PRIMARY KEY (customer_id, product_id);
-- Temporary tables have no statistics of their own accord, and without them the next joins are planned for ten rows.
ANALYZE orders_scope_return, orders_scope_pair;
