-- Says of each customer of the file whether they are new, changed or unchanged.
UPDATE customers_incoming n
   SET step = CASE
       WHEN n.customer_id IS NULL THEN 'new'
       WHEN EXISTS (
           SELECT FROM customers_customer c
            WHERE c.id = n.customer_id
              AND (c.name <> n.name OR c.kind <> n.kind OR c.phone <> n.phone OR c.email <> n.email
                   OR (n.birth_date IS NOT NULL AND c.birth_date IS DISTINCT FROM n.birth_date)
                   OR c.birth_calendar <> n.birth_calendar OR c.acquired_from <> n.acquired_from OR c.tags <> n.tags
                   OR (n.home_store IS NOT NULL AND NOT EXISTS (
                           SELECT FROM unnest(%(stores)s::text[], %(store_ids)s::bigint[]) s(code, id)
                            WHERE s.code = n.home_store AND s.id = c.home_store_id))))
         OR EXISTS (
           SELECT FROM customers_consent_incoming i
            WHERE i.customer = n.customer
              AND i.state IS DISTINCT FROM (
                  SELECT s.state FROM customers_consent s
                   WHERE s.customer_id = n.customer_id AND s.channel = i.channel AND s.purpose = 'marketing'
                   ORDER BY s.stated_at DESC, s.id DESC LIMIT 1))
           THEN 'changed'
       ELSE 'unchanged' END
