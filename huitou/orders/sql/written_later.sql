-- One row per other import that wrote orders of this one after it, with how many.
SELECT o.import_id, count(*)
  FROM orders_order o
 WHERE o.import_id <> %(import_id)s
   AND (o.created_import_id = %(import_id)s
        OR o.id IN (SELECT order_id FROM orders_orderbeforeimage WHERE import_id = %(import_id)s))
 GROUP BY o.import_id
 ORDER BY o.import_id
