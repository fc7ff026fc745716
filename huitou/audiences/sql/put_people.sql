-- A row is the first, last and ever of one customer's orders.
INSERT INTO audiences_person AS p
       (customer_id, first_ordered_on, last_ordered_on, purchases, net_minor, main_store_id)
SELECT customer_id, first_ordered_on, last_ordered_on, purchases, net_minor, main_store_id
  FROM fresh_person
 WHERE customer_id = ANY (%(ids)s)
    ON CONFLICT (customer_id) DO UPDATE
   SET first_ordered_on = excluded.first_ordered_on, last_ordered_on = excluded.last_ordered_on,
       purchases = excluded.purchases, net_minor = excluded.net_minor,
       main_store_id = excluded.main_store_id;
