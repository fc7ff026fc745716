-- One row per row that is as it should be but stands in an order with one that is not: no half order gets in.
CREATE TABLE rejected AS
WITH bad AS (
    SELECT r.ord_no, min(f.n) AS n, arg_min(f.line, f.n) AS line, any_value(r.number) AS number
      FROM fault f JOIN run_of r USING (run_no) GROUP BY r.ord_no
)
SELECT f.n, f.line, f.field, f.given, f.reason, NULL::BIGINT AS because_line FROM fault f
 UNION ALL
SELECT i.n, i.line, 'order_id', b.number, 'order_rejected', b.line
  FROM item i JOIN run_of r USING (run_no) JOIN bad b USING (ord_no)
 WHERE i.n NOT IN (SELECT n FROM fault) AND i.run_no NOT IN (SELECT run_no FROM repeat);
