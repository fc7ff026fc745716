-- One row per member whose earnings the import may have changed: it wrote an order of theirs, or took one away from them.
SELECT m.customer_id
  FROM programmes_membership m
 WHERE m.customer_id IN (SELECT customer_id FROM orders_v_import WHERE import_id = %(import_id)s)
    OR m.customer_id IN (SELECT e.customer_id
                           FROM programmes_earning e
                           JOIN orders_v_import o ON o.source = e.source AND o.number = e.number
                          WHERE o.import_id = %(import_id)s)
 ORDER BY m.customer_id
