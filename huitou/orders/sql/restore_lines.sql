-- One row per row of an order as it was before the import changed it.
INSERT INTO orders_orderline
SELECT l.*
  FROM orders_orderbeforeimage b, jsonb_populate_recordset(NULL::orders_orderline, b.image->'lines') l
 WHERE b.import_id = %(import_id)s
