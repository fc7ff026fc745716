-- One row per named customer nobody knows yet. A code that is taken by somebody else gets the source in front.
WITH added AS (
    INSERT INTO customers_customer (code, name, name_folded, name_pinyin, name_initials, kind, phone, phone_reversed,
                                    phone_is_masked, email, birth_calendar, acquired_from, tags, created_at, import_id)
    SELECT CASE WHEN c.id IS NULL THEN n.customer ELSE %(source)s || ':' || n.customer END,
           n.name, n.name_folded, n.name_pinyin, n.name_initials, 'person', n.phone, n.phone_reversed,
           n.phone_is_masked, n.email, 'solar', '', '{}', %(now)s, %(import_id)s
      FROM customers_naming n
      LEFT JOIN customers_customer c ON c.code = n.customer
     WHERE n.customer_id IS NULL
     ORDER BY n.customer
    RETURNING id, code
)
UPDATE customers_naming n SET customer_id = a.id
  FROM added a
 WHERE n.customer_id IS NULL AND a.code IN (n.customer, %(source)s || ':' || n.customer)
