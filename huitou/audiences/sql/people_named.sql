-- One row per customer of one page of the list, in the order of the name's stored pinyin key.
-- {after} and {order}  the pattern operators ~>~ with ~<~, or ~<~ with ~>~ backwards; {tie} and {tie_order}
-- likewise for the id. Two branches, because an index on pattern operators cannot compare rows:
-- the rest of the name reached, then the names after it. Filters as in people_measured.sql.
WITH listed AS NOT MATERIALIZED (
    SELECT c.id, c.name_pinyin
    FROM   customers_v_customer c
    LEFT   JOIN audiences_standing s ON s.slot = %(slot)s AND s.customer_id = c.id
    WHERE  (%(layer)s::text IS NULL OR s.layer = %(layer)s)
      AND  (%(stage)s::text IS NULL OR s.stage = %(stage)s)
      AND  (%(level)s::text IS NULL OR s.loyalty_level = %(level)s)
      AND  (%(band)s::text IS NULL OR s.band = %(band)s)
      AND  (%(ids)s::bigint[] IS NULL OR c.id = ANY (%(ids)s::bigint[]))
      AND  (%(store_id)s::bigint IS NULL OR c.home_store_id = %(store_id)s)
      AND  (%(visible)s::bigint[] IS NULL
            OR c.home_store_id = ANY (%(visible)s::bigint[])
            OR EXISTS (SELECT FROM audiences_storeperson b
                       WHERE  b.customer_id = c.id AND b.store_id = ANY (%(visible)s::bigint[])
                         AND  b.last_ordered_on >= %(sold_since)s::date))
), same_name AS (
    SELECT id, name_pinyin FROM listed
    WHERE  name_pinyin = %(after_key)s::text AND id {tie} %(after_id)s
    ORDER  BY id {tie_order} LIMIT %(limit)s
), next_names AS (
    SELECT id, name_pinyin FROM listed
    WHERE  %(after_key)s::text IS NULL OR name_pinyin {after} %(after_key)s::text
    ORDER  BY name_pinyin USING {order}, id {tie_order} LIMIT %(limit)s
)
SELECT id AS customer_id, name_pinyin AS sort_key
FROM   (SELECT * FROM same_name UNION ALL SELECT * FROM next_names) both_parts
ORDER  BY name_pinyin USING {order}, id {tie_order}
LIMIT  %(limit)s;
