-- One row per order that may get in: what the import does with it.
CREATE OR REPLACE TABLE step AS
SELECT o.ord_no, k.id AS order_id, k.created_import_id,
       CASE WHEN k.id IS NULL THEN 'new' WHEN k.is_same THEN 'unchanged' ELSE 'changed' END AS step
  FROM ord o LEFT JOIN known k USING (ord_no)
 WHERE o.ord_no NOT IN (SELECT ord_no FROM bad_order);
