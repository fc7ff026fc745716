-- One row per match of an order that leaves.
DELETE FROM orders_returnmatch m USING orders_leaving g WHERE g.order_id IN (m.return_order_id, m.sale_order_id)
