-- One row per known customer about to be given what was not known of them, as they are now.
INSERT INTO customers_customerbeforeimage (import_id, customer_id, image)
SELECT %(import_id)s, c.id, to_jsonb(c)
  FROM customers_customer c JOIN customers_naming n ON n.customer_id = c.id
 WHERE c.import_id IS DISTINCT FROM %(import_id)s
   AND ((c.name = '' AND n.name <> '') OR (c.phone = '' AND n.phone <> '') OR (c.email = '' AND n.email <> ''))
    ON CONFLICT DO NOTHING
