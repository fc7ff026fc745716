-- One row per return row in scope, with the order it names (-1: one we do not have). A return of the till has the position
-- of the row it is of.
SELECT r.order_id, r.position, r.customer_id, r.product_id,
       r.ordered_on - date '1970-01-01', (extract(epoch FROM r.ordered_at) * 1000000)::bigint, r.quantity, r.amount_minor,
       CASE WHEN r.refund_of <> '' THEN coalesce(o.id, -1) END AS names_order,
       CASE WHEN r.import_id = 0 THEN r.position END AS names_row
  FROM orders_scope_return r
  LEFT JOIN orders_order o ON r.refund_of <> '' AND o.source = r.source AND o.number = r.refund_of
                          AND o.status IN ('paid', 'returned')
 ORDER BY r.order_id, r.position
