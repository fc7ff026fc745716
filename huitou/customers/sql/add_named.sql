-- One row per named customer nobody knows yet. A code that is taken by somebody else gets the source in front.
WITH coded AS (
    UPDATE customers_naming n
       SET code = CASE WHEN EXISTS (SELECT FROM customers_customer c WHERE c.code = n.customer)
                       THEN %(source)s || ':' || n.customer ELSE n.customer END
     WHERE n.customer_id IS NULL
    RETURNING n.*
)
INSERT INTO customers_customer (code, name, name_folded, name_pinyin, name_initials, kind, phone, phone_reversed,
                                phone_is_masked, email, birth_calendar, acquired_from, tags, created_at, import_id)
SELECT code, name, name_folded, name_pinyin, name_initials, 'person', phone, phone_reversed, phone_is_masked, email,
       'solar', '', '{}', %(now)s, %(import_id)s
  FROM coded
 ORDER BY customer
