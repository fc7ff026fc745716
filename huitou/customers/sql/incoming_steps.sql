-- One row per step: how many customers of the file take it.
SELECT step, count(*) FROM customers_incoming GROUP BY step
