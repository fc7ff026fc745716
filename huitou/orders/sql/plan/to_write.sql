-- One row per order to write, with its id.
CREATE OR REPLACE TABLE to_write AS
SELECT ord_no, order_id, created_import_id FROM step WHERE step = 'changed'
 UNION ALL
SELECT ord_no, id, NULL FROM new_id;
