-- One row per later import that changed customers of this one, with how many.
SELECT b.import_id, count(DISTINCT b.customer_id)
  FROM customers_customerbeforeimage b
 WHERE b.import_id > %(import_id)s
   AND (b.customer_id IN (SELECT customer_id FROM customers_customerbeforeimage WHERE import_id = %(import_id)s)
        OR b.customer_id IN (SELECT id FROM customers_customer WHERE import_id = %(import_id)s))
 GROUP BY b.import_id
 ORDER BY b.import_id
