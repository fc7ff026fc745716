-- One row per customer about to be changed, as they are now.
INSERT INTO customers_customerbeforeimage (import_id, customer_id, image)
SELECT %(import_id)s, c.id, to_jsonb(c)
  FROM customers_customer c JOIN customers_incoming n ON n.customer_id = c.id
 WHERE n.step = 'changed'
