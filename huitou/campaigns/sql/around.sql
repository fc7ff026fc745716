-- One row per customer who shares a phone or an e-mail address with one of a lower id: ('household', the lowest, the
-- customer); and one per customer asked about whom no marketing reaches in the year: ('held_out', the customer, 0).
SELECT 'household', first_id, id
  FROM (SELECT id, min(id) OVER (PARTITION BY phone) AS first_id
          FROM customers_v_customer WHERE phone <> '' AND NOT phone_is_masked) by_phone
 WHERE first_id <> id
UNION ALL
SELECT 'household', first_id, id
  FROM (SELECT id, min(id) OVER (PARTITION BY email) AS first_id
          FROM customers_v_customer WHERE email <> '') by_email
 WHERE first_id <> id
UNION ALL
SELECT 'held_out', customer_id, 0
  FROM campaigns_globalunit
 WHERE year = %(year)s AND is_held_out AND customer_id = ANY (%(customer_ids)s)
