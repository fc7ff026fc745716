-- One row per customer who shares a phone or an e-mail address with one of a lower id: (the lowest, the customer).
SELECT first_id, id
  FROM (SELECT id, min(id) OVER (PARTITION BY phone) AS first_id
          FROM customers_v_customer WHERE phone <> '' AND NOT phone_is_masked) by_phone
 WHERE first_id <> id
UNION ALL
SELECT first_id, id
  FROM (SELECT id, min(id) OVER (PARTITION BY email) AS first_id
          FROM customers_v_customer WHERE email <> '') by_email
 WHERE first_id <> id
