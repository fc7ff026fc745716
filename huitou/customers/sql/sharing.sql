-- One row per customer who has one of these phones or e-mails, as the main one or a further one.
SELECT id FROM (
    SELECT id FROM customers_customer WHERE email = ANY (%(values)s) AND email <> ''
    UNION
    SELECT id FROM customers_customer
     WHERE phone_reversed = ANY (SELECT reverse(regexp_replace(v, '\D', '', 'g')) FROM unnest(%(values)s::text[]) v)
       AND phone_reversed <> '' AND phone = ANY (%(values)s)
    UNION
    SELECT customer_id FROM customers_address WHERE kind IN ('phone', 'email') AND value = ANY (%(values)s)
) found
WHERE id IS DISTINCT FROM %(besides)s
ORDER BY id
LIMIT 20
