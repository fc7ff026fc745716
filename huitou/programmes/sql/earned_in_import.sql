-- A row is the number of orders an import wrote that have earned points.
SELECT count(*)
  FROM orders_v_import o
 WHERE o.import_id = %(import_id)s
   AND EXISTS (SELECT FROM programmes_earning e WHERE e.source = o.source AND e.number = o.number
                                                 AND jsonb_array_length(e.awards) > 0)
