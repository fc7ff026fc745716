-- One row: the columns of a customer as they are.
SELECT to_jsonb(c)::text FROM customers_customer c WHERE c.id = %(customer_id)s
