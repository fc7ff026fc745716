-- One row per customer of the file nobody knows. A code that is taken by somebody else gets the source in front.
WITH coded AS (
    UPDATE customers_incoming n
       SET code = CASE WHEN EXISTS (SELECT FROM customers_customer c WHERE c.code = n.customer)
                       THEN %(source)s || ':' || n.customer ELSE n.customer END
     WHERE n.step = 'new'
    RETURNING n.*
)
INSERT INTO customers_customer (code, name, name_folded, name_pinyin, name_initials, kind, phone, phone_reversed,
                                phone_is_masked, email, birth_date, birth_calendar, home_store_id, acquired_from,
                                tags, created_at, import_id)
SELECT n.code, coalesce(n.name, ''), coalesce(n.name_folded, ''), coalesce(n.name_pinyin, ''),
       coalesce(n.name_initials, ''), coalesce(n.kind, 'person'), coalesce(n.phone, ''),
       coalesce(n.phone_reversed, ''), coalesce(n.phone_is_masked, false), coalesce(n.email, ''), n.birth_date,
       coalesce(n.birth_calendar, 'solar'), s.id, coalesce(n.acquired_from, ''), coalesce(n.tags, '{}'),
       %(now)s, %(import_id)s
  FROM coded n
  LEFT JOIN unnest(%(stores)s::text[], %(store_ids)s::bigint[]) s(code, id) ON s.code = n.home_store
 ORDER BY n.line
