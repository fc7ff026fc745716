-- Finds each customer not found yet by their code in the house, or by that of a record joined to theirs: the source uses
-- the house's own codes.
UPDATE customers_naming n SET customer_id = c.id
  FROM (SELECT code, id FROM customers_customer
         UNION ALL
        SELECT gone_code, customer_id FROM customers_merge WHERE undone_at IS NULL) c
 WHERE n.customer_id IS NULL AND c.code = n.customer
