-- One row per order as it was before an import, of this customer: a rollback makes it an anonymous sale.
UPDATE orders_orderbeforeimage
   SET image = jsonb_set(image, '{order,customer_id}', 'null')
 WHERE image -> 'order' ->> 'customer_id' = %(customer_id)s::text
