-- One row per known order that the file changes.
SELECT order_id FROM step WHERE step = 'changed' ORDER BY order_id;
