-- One row per product of the rows to write: the first name and category that are given.
SELECT l.sku, coalesce(arg_min(l.product, l.n) FILTER (WHERE l.product <> ''), '') AS name,
       coalesce(arg_min(l.category, l.n) FILTER (WHERE l.category <> ''), '') AS category
  FROM line l JOIN step USING (ord_no)
 WHERE l.sku <> '' AND step.step <> 'unchanged'
 GROUP BY l.sku
 ORDER BY l.sku;
