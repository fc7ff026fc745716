-- A row is a product of the file.
CREATE TEMP TABLE IF NOT EXISTS orders_product_incoming (sku text, name text, category text) ON COMMIT DROP;
TRUNCATE orders_product_incoming;
