-- One row: the customer as they were before another was joined with them.
UPDATE customers_customer c
   SET name = o.name, name_folded = o.name_folded, name_pinyin = o.name_pinyin, name_initials = o.name_initials,
       kind = o.kind, phone = o.phone, phone_reversed = o.phone_reversed, phone_is_masked = o.phone_is_masked,
       email = o.email, birth_date = o.birth_date, birth_calendar = o.birth_calendar,
       home_store_id = o.home_store_id, acquired_from = o.acquired_from, tags = o.tags, needs = o.needs,
       created_at = o.created_at
  FROM jsonb_populate_record(NULL::customers_customer, %(image)s::jsonb) o
 WHERE c.id = o.id
