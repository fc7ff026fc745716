-- One row per row of an order to write, in the columns of the table; in the order of the file, which is nearly that
-- of the table's key: the index then grows at its end.
SELECT s.order_id, l.position, p.product_id,
       CASE WHEN l.product = p.name THEN '' ELSE l.product END AS description,
       l.quantity, l.unit_price, l.amount_minor, l.unit_cost, l.discount_minor, l.tax_minor, l.delivery_minor,
       l.refund_of, NOT l.is_return AND l.status = 'returned' AS is_returned
  FROM to_write s
  JOIN line l USING (ord_no)
  LEFT JOIN product_id p ON p.sku = l.sku
