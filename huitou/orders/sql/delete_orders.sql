-- One row per order that leaves.
DELETE FROM orders_order o USING orders_leaving g WHERE o.id = g.order_id
