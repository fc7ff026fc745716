-- A row is a civil month in which orders were written since the given change, with its last change.
SELECT month_on, max(change_id) AS change_id
  FROM orders_v_month_change
 WHERE change_id > $1
 GROUP BY month_on
