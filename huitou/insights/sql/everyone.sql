-- A row is a known customer, buyer or not. $1 is the company's zone.
SELECT id AS customer_id, home_store_id, (created_at AT TIME ZONE $1)::date AS created_on,
       acquired_from
  FROM customers_v_customer
