-- One row per restored order: what had come back of it may be known better now.
INSERT INTO orders_to_settle (order_id) SELECT order_id FROM orders_orderbeforeimage WHERE import_id = %(import_id)s
    ON CONFLICT DO NOTHING
