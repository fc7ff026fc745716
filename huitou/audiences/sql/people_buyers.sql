-- One row per customer who ever bought, of one page of the list, in the order of a figure of their orders.
-- Placeholders and filters as in people_measured.sql; without the filters of a measurement.
SELECT s.customer_id, {key} AS sort_key
FROM   audiences_person s
WHERE  s.last_ordered_on IS NOT NULL
  AND  (%(ids)s::bigint[] IS NULL OR s.customer_id = ANY (%(ids)s::bigint[]))
  AND  (%(store_id)s::bigint IS NULL OR EXISTS (
           SELECT FROM customers_v_customer h
           WHERE  h.id = s.customer_id AND h.home_store_id = %(store_id)s))
  AND  (%(visible)s::bigint[] IS NULL
        OR EXISTS (SELECT FROM customers_v_customer h
                   WHERE  h.id = s.customer_id AND h.home_store_id = ANY (%(visible)s::bigint[]))
        OR EXISTS (SELECT FROM audiences_storeperson b
                   WHERE  b.customer_id = s.customer_id AND b.store_id = ANY (%(visible)s::bigint[])
                     AND  b.last_ordered_on >= %(sold_since)s::date))
  AND  {beyond}
ORDER  BY {key} {order}, s.customer_id {order}
LIMIT  %(limit)s;
