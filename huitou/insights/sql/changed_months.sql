-- A row is a civil month in which orders were written since the given change, with its last change.
SELECT month_on, max(id) AS change_id
  FROM orders_monthchange
 WHERE id > $1
 GROUP BY month_on
