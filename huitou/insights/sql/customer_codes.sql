-- A row is a known customer: the id of the scores and the code of the files.
SELECT id AS customer_id, code AS customer FROM customers_v_customer
