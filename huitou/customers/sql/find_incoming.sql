-- Finds each customer of the file: by the name this source knows them by, else by their code if the codes are ours.
UPDATE customers_incoming n
   SET customer_id = coalesce((SELECT i.customer_id FROM customers_identity i
                                WHERE i.source = %(source)s AND i.value = n.customer),
                              (SELECT c.id FROM customers_customer c
                                WHERE %(uses_our_codes)s AND c.code = n.customer),
                              (SELECT m.customer_id FROM customers_merge m
                                WHERE %(uses_our_codes)s AND m.gone_code = n.customer AND m.undone_at IS NULL))
