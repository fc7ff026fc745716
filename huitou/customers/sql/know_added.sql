-- Says of each named customer that was just added who it is.
UPDATE customers_naming n SET customer_id = c.id
  FROM customers_customer c
 WHERE n.customer_id IS NULL AND c.code = n.code
