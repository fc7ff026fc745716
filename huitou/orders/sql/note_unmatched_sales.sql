-- One row per order whose sale rows had been taken back by an order that leaves: it must be settled again.
INSERT INTO orders_to_settle (order_id)
SELECT DISTINCT m.sale_order_id FROM orders_returnmatch m JOIN orders_leaving g ON g.order_id = m.return_order_id
    ON CONFLICT DO NOTHING
