-- One row per product the import added and nobody else uses.
DELETE FROM orders_product p
 WHERE p.import_id = %(import_id)s AND NOT EXISTS (SELECT FROM orders_orderline l WHERE l.product_id = p.id)
