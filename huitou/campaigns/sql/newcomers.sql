-- One row per customer who is not yet in the draw of the year.
SELECT c.id
  FROM customers_v_customer c
 WHERE NOT EXISTS (SELECT FROM campaigns_globalunit g WHERE g.year = %(year)s AND g.customer_id = c.id)
 ORDER BY c.id
