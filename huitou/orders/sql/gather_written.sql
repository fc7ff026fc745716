-- One row per order the import created or changed.
INSERT INTO orders_leaving (order_id) SELECT id FROM orders_order WHERE import_id = %(import_id)s
