-- Puts every customer the import changed back as they were, unless a later import changed them.
UPDATE customers_customer c
   SET name = o.name, name_folded = o.name_folded, name_pinyin = o.name_pinyin, name_initials = o.name_initials,
       kind = o.kind, phone = o.phone, phone_reversed = o.phone_reversed, phone_is_masked = o.phone_is_masked,
       email = o.email, birth_date = o.birth_date, birth_calendar = o.birth_calendar,
       home_store_id = o.home_store_id, acquired_from = o.acquired_from, tags = o.tags
  FROM customers_customerbeforeimage b, jsonb_populate_record(NULL::customers_customer, b.image) o
 WHERE b.import_id = %(import_id)s AND c.id = b.customer_id
   AND NOT EXISTS (SELECT FROM customers_customerbeforeimage l
                    WHERE l.customer_id = b.customer_id AND l.import_id > b.import_id)
