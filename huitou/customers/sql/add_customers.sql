-- One row per customer of the file nobody knows. A code that is taken by somebody else gets the source in front.
WITH added AS (
    INSERT INTO customers_customer (code, name, name_folded, name_pinyin, name_initials, kind, phone, phone_reversed,
                                    phone_is_masked, email, birth_date, birth_calendar, home_store_id, acquired_from,
                                    tags, created_at, import_id)
    SELECT CASE WHEN c.id IS NULL THEN n.customer ELSE %(source)s || ':' || n.customer END,
           coalesce(n.name, ''), coalesce(n.name_folded, ''), coalesce(n.name_pinyin, ''),
           coalesce(n.name_initials, ''), coalesce(n.kind, 'person'), coalesce(n.phone, ''),
           coalesce(n.phone_reversed, ''), coalesce(n.phone_is_masked, false), coalesce(n.email, ''), n.birth_date,
           coalesce(n.birth_calendar, 'solar'), s.id, coalesce(n.acquired_from, ''), coalesce(n.tags, '{}'),
           %(now)s, %(import_id)s
      FROM customers_incoming n
      LEFT JOIN customers_customer c ON c.code = n.customer
      LEFT JOIN unnest(%(stores)s::text[], %(store_ids)s::bigint[]) s(code, id) ON s.code = n.home_store
     WHERE n.step = 'new'
     ORDER BY n.line
    RETURNING id, code
)
UPDATE customers_incoming n SET customer_id = a.id
  FROM added a
 WHERE n.customer_id IS NULL AND a.code IN (n.customer, %(source)s || ':' || n.customer)
