-- One row per product of the file that is not known yet; a known one gets the name and category it lacks.
INSERT INTO orders_product AS p (sku, name, category, import_id)
SELECT sku, name, category, %(import_id)s FROM orders_product_incoming
    ON CONFLICT (sku) DO UPDATE
   SET name = coalesce(nullif(p.name, ''), excluded.name), category = coalesce(nullif(p.category, ''), excluded.category)
 WHERE (p.name = '' AND excluded.name <> '') OR (p.category = '' AND excluded.category <> '')
