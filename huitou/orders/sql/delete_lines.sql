-- One row per row of an order that leaves.
DELETE FROM orders_orderline l USING orders_leaving g WHERE l.order_id = g.order_id
