-- A row is an order that is a purchase or that carries returns which found no sale.
SELECT order_id, customer_id, store_id, ordered_on, net_minor, unmatched_minor, cost_minor,
       costed_minor, tax_minor, delivery_minor, main_category, is_counted
  FROM orders_v_net
 WHERE is_counted OR unmatched_minor <> 0
