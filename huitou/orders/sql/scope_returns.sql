-- One row per return row that has to be matched again: of a customer whose history was touched, or naming an order that was.
DROP TABLE IF EXISTS pg_temp.orders_scope_return;
CREATE TEMP TABLE orders_scope_return ON COMMIT DROP AS
SELECT l.order_id, l.position, o.source, o.customer_id, l.product_id, o.ordered_on, o.ordered_at,
       (-l.quantity * 1000000)::bigint AS quantity, -l.amount_minor AS amount_minor, l.refund_of
  FROM orders_orderline l
  JOIN orders_order o ON o.id = l.order_id
 WHERE (l.quantity < 0 OR l.amount_minor < 0)
   AND o.status IN ('paid', 'returned')
   AND (o.customer_id IN (SELECT customer_id FROM orders_touched WHERE customer_id IS NOT NULL)
        OR (l.refund_of <> '' AND ((o.source, l.refund_of) IN (SELECT source, number FROM orders_touched)
                                   OR (o.source, o.number) IN (SELECT source, number FROM orders_touched))))
