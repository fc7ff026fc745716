-- A row is the change of a civil month with the given number; none if there was no such change.
SELECT at FROM orders_v_month_change WHERE change_id = $1
