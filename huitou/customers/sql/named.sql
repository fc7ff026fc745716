-- One row per customer as the file names them, and who it is.
SELECT customer, customer_id FROM customers_naming
