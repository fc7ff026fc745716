-- Writes what the file says of known customers; where it says nothing, what is known stays.
UPDATE customers_customer c
   SET name = coalesce(n.name, c.name),
       name_folded = CASE WHEN n.name IS NULL THEN c.name_folded ELSE n.name_folded END,
       name_pinyin = CASE WHEN n.name IS NULL THEN c.name_pinyin ELSE n.name_pinyin END,
       name_initials = CASE WHEN n.name IS NULL THEN c.name_initials ELSE n.name_initials END,
       kind = coalesce(n.kind, c.kind),
       phone = coalesce(n.phone, c.phone),
       phone_reversed = coalesce(n.phone_reversed, c.phone_reversed),
       phone_is_masked = coalesce(n.phone_is_masked, c.phone_is_masked),
       email = coalesce(n.email, c.email),
       birth_date = coalesce(n.birth_date, c.birth_date),
       birth_calendar = coalesce(n.birth_calendar, c.birth_calendar),
       home_store_id = coalesce(s.id, c.home_store_id),
       acquired_from = coalesce(n.acquired_from, c.acquired_from),
       tags = coalesce(n.tags, c.tags)
  FROM customers_incoming n
  LEFT JOIN unnest(%(stores)s::text[], %(store_ids)s::bigint[]) s(code, id) ON s.code = n.home_store
 WHERE n.customer_id = c.id AND n.step = 'changed'
