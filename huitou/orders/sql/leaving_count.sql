-- One row: how many orders left.
SELECT count(*) FROM orders_leaving
