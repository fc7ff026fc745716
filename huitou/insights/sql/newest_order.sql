-- One row: the newest day of which orders are known.
SELECT max(ordered_on) FROM orders_v_net WHERE is_counted
