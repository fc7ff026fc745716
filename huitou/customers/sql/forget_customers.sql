-- One row per customer the import added, whom no other import changed or knows by another name.
WITH lone AS (
    SELECT c.id
      FROM customers_customer c
     WHERE c.id = ANY (%(ids)s)
       AND c.import_id = %(import_id)s
       AND NOT EXISTS (SELECT FROM customers_customerbeforeimage b
                        WHERE b.customer_id = c.id AND b.import_id <> %(import_id)s)
       AND NOT EXISTS (SELECT FROM customers_consent s
                        WHERE s.customer_id = c.id AND s.import_id IS DISTINCT FROM %(import_id)s)
       AND (SELECT count(DISTINCT i.source) FROM customers_identity i WHERE i.customer_id = c.id) <= 1
),
names AS (DELETE FROM customers_identity i USING lone WHERE i.customer_id = lone.id),
images AS (DELETE FROM customers_customerbeforeimage b USING lone WHERE b.customer_id = lone.id),
consents AS (DELETE FROM customers_consent s USING lone WHERE s.customer_id = lone.id)
DELETE FROM customers_customer c USING lone WHERE c.id = lone.id
