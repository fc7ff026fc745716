-- One row per row of an order, numbered. A row without a status has that of the order's first row, unless either is a
-- return; a sale row whose status is returned came back whole. {has_status}: whether the file has a status at all.
CREATE VIEW line AS
WITH first_status AS (
    SELECT r.ord_no, arg_min(CASE WHEN i.is_return THEN '' ELSE i.status END, i.n) AS status
      FROM item i JOIN run_of r USING (run_no) WHERE {has_status} GROUP BY r.ord_no
)
SELECT r.ord_no, i.n, i.line,
       CASE WHEN i.line_no <> '' THEN CAST(i.line_no AS BIGINT)
            ELSE r.before_first + i.n END AS position,
       i.sku, i.product, i.category, i.refund_of, i.quantity, i.unit_price, i.unit_cost,
       i.amount_minor, i.discount_minor, i.delivery_minor, i.tax_minor, i.is_return,
       CASE WHEN i.status <> '' THEN i.status WHEN i.is_return THEN 'returned'
            ELSE coalesce(nullif(f.status, ''), 'paid') END AS status
  FROM item i
  JOIN run_of r USING (run_no)
  LEFT JOIN first_status f ON f.ord_no = r.ord_no
 WHERE i.run_no NOT IN (SELECT run_no FROM repeat);
