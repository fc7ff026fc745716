-- One row, one column: may a reader of the stores %(visible)s see this customer (home store, or sold to them)?
SELECT EXISTS (SELECT FROM customers_v_customer h
               WHERE  h.id = %(customer_id)s AND h.home_store_id = ANY (%(visible)s::bigint[]))
    OR EXISTS (SELECT FROM audiences_storeperson b
               WHERE  b.customer_id = %(customer_id)s AND b.store_id = ANY (%(visible)s::bigint[])
                 AND  b.last_ordered_on >= %(sold_since)s::date);
