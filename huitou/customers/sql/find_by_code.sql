-- Finds each customer not found yet by their code in the house: the source uses the house's own codes.
UPDATE customers_naming n SET customer_id = c.id
  FROM customers_customer c
 WHERE n.customer_id IS NULL AND c.code = n.customer
