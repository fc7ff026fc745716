-- One row: counted orders and their net money, and those of them with a customer.
SELECT count(*) FILTER (WHERE customer_id IS NOT NULL), count(*),
       coalesce(sum(total_minor - returned_minor) FILTER (WHERE customer_id IS NOT NULL), 0)::bigint,
       coalesce(sum(total_minor - returned_minor), 0)::bigint
  FROM orders_order
 WHERE is_counted
