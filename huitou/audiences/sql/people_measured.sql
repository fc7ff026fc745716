-- One row per customer of one page of the list, in the order of one figure of the measurement in force.
-- {key}      the figure that orders the page, from the closed list in queries.py; ties go by customer id
-- {order}    ASC or DESC for both        {beyond}  only what comes after the last row already seen
-- %(slot)s   the slot of standings in force
-- Every filter is off when its value is null; ids are the finds of a search; visible are the reader's stores,
-- of which one must be the home store or have sold to the customer since %(sold_since)s.
SELECT s.customer_id, {key} AS sort_key
FROM   audiences_standing s
WHERE  s.slot = %(slot)s
  AND  (%(layer_code)s::smallint IS NULL OR s.layer_code = %(layer_code)s::smallint)
  AND  (%(stage_code)s::smallint IS NULL OR s.stage_code = %(stage_code)s::smallint)
  AND  (%(level)s::text IS NULL OR s.loyalty_level = %(level)s)
  AND  (%(band)s::text IS NULL OR s.band = %(band)s)
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
