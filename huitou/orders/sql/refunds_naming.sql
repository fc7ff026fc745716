-- At most one row: the first order of this import that a refund of another import names, and how many there are.
SELECT min(o.number), count(DISTINCT o.id)
  FROM orders_order o
  JOIN orders_orderline l ON l.refund_of = o.number AND l.refund_of <> ''
  JOIN orders_order r ON r.id = l.order_id AND r.source = o.source
 WHERE o.import_id = %(import_id)s AND r.import_id <> %(import_id)s
HAVING count(*) > 0
