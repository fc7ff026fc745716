-- One row per civil month in which orders were written, changed or removed.
INSERT INTO orders_monthchange (month_on, import_id, at)
SELECT DISTINCT month_on, %(import_id)s::bigint, %(now)s::timestamptz FROM orders_touched ORDER BY month_on
