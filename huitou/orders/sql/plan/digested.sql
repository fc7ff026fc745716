-- One row per row of an order, in whole numbers, for its digest.
SELECT ord_no, position, CAST(quantity * 1000000 AS BIGINT) AS quantity,
       CAST(unit_price * 100000000 AS BIGINT) AS unit_price, amount_minor,
       CAST(unit_cost * 100000000 AS BIGINT) AS unit_cost, discount_minor, tax_minor, delivery_minor,
       sku, product, category, refund_of, status
  FROM line
