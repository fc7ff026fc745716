-- One row per customer of the orders to write, as the file names them, with what it says of them first.
SELECT o.customer, coalesce(arg_min(o.customer_name, o.n) FILTER (WHERE o.customer_name <> ''), '') AS name,
       coalesce(arg_min(o.phone, o.n) FILTER (WHERE o.phone <> ''), '') AS phone,
       coalesce(arg_min(o.email, o.n) FILTER (WHERE o.email <> ''), '') AS email
  FROM ord o JOIN step USING (ord_no)
 WHERE o.customer <> '' AND step.step <> 'unchanged'
 GROUP BY o.customer
 ORDER BY min(o.n);
