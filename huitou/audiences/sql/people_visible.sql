-- One row per customer of %(ids)s that a reader of the stores %(visible)s may see: home store, or sold to them.
SELECT h.id
  FROM customers_v_customer h
 WHERE h.id = ANY (%(ids)s::bigint[])
   AND (h.home_store_id = ANY (%(visible)s::bigint[])
        OR EXISTS (SELECT FROM audiences_storeperson b
                    WHERE b.customer_id = h.id AND b.store_id = ANY (%(visible)s::bigint[])
                      AND b.last_ordered_on >= %(sold_since)s::date));
