-- One row per row of an order, in whole numbers, for its digest.
SELECT o.place, l.n, l.position, CAST(l.quantity * 1000000 AS BIGINT) AS quantity,
       CAST(l.unit_price * 100000000 AS BIGINT) AS unit_price, l.amount_minor,
       CAST(l.unit_cost * 100000000 AS BIGINT) AS unit_cost, l.discount_minor, l.tax_minor, l.delivery_minor,
       l.sku, l.product, l.category, l.refund_of, l.status
  FROM line l
  JOIN (SELECT ord_no, row_number() OVER (ORDER BY ord_no) - 1 AS place FROM ord) o USING (ord_no);
