-- One row per product of the file, with its id and the name it goes by.
SELECT p.sku, p.id, p.name FROM orders_product p JOIN orders_product_incoming i USING (sku)
