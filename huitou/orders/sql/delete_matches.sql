-- One row per match of an order that leaves, as the return or as the sale.
DELETE FROM orders_returnmatch
 WHERE return_order_id IN (SELECT order_id FROM orders_leaving)
    OR sale_order_id IN (SELECT order_id FROM orders_leaving)
