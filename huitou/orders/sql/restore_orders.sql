-- One row per order as it was before the import changed it.
INSERT INTO orders_order
SELECT (jsonb_populate_record(NULL::orders_order, image->'order')).*
  FROM orders_orderbeforeimage WHERE import_id = %(import_id)s
