-- Forgets how the return rows in scope were matched; a row is a sale order that must be settled again.
WITH gone AS (
    DELETE FROM orders_returnmatch m USING orders_scope_return r
     WHERE m.return_order_id = r.order_id AND m.return_position = r.position
    RETURNING m.sale_order_id
)
INSERT INTO orders_to_settle (order_id) SELECT DISTINCT sale_order_id FROM gone
    ON CONFLICT DO NOTHING
