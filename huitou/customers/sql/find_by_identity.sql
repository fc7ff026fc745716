-- Finds each named customer by the name this source knows them by.
UPDATE customers_naming n SET customer_id = i.customer_id
  FROM customers_identity i
 WHERE i.source = %(source)s AND i.value = n.customer
