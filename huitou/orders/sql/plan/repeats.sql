-- One row per run that repeats a whole order: the same rows as the first run of its number, and other orders between.
CREATE TABLE repeat AS
WITH many AS (SELECT number FROM run_of GROUP BY number HAVING count(*) > 1),
written AS (
    SELECT r.number, r.run_no,
           md5(string_agg(concat_ws(chr(31), i.line_no, i.stamp, i.paid, i.customer, i.store, i.channel, i.status,
                                    i.sku, i.product, i.category, i.refund_of, i.quantity, i.unit_price,
                                    i.unit_cost, i.amount_minor, i.discount_minor, i.delivery_minor, i.tax_minor),
                          chr(30) ORDER BY i.n)) AS content
      FROM run_of r JOIN many USING (number) JOIN item i USING (run_no)
     GROUP BY ALL
)
SELECT number, run_no
  FROM (SELECT *, row_number() OVER (PARTITION BY number, content ORDER BY run_no) AS copy,
               count(*) OVER (PARTITION BY number) AS runs,
               count(*) OVER (PARTITION BY number, content) AS copies
          FROM written)
 WHERE copy > 1 AND copies = runs;
