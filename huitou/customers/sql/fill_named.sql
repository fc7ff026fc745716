-- Gives a known customer what is not known of them yet; what is known stays: an order is no change of address.
UPDATE customers_customer c
   SET name = CASE WHEN c.name = '' THEN n.name ELSE c.name END,
       name_folded = CASE WHEN c.name = '' THEN n.name_folded ELSE c.name_folded END,
       name_pinyin = CASE WHEN c.name = '' THEN n.name_pinyin ELSE c.name_pinyin END,
       name_initials = CASE WHEN c.name = '' THEN n.name_initials ELSE c.name_initials END,
       phone = CASE WHEN c.phone = '' THEN n.phone ELSE c.phone END,
       phone_reversed = CASE WHEN c.phone = '' THEN n.phone_reversed ELSE c.phone_reversed END,
       phone_is_masked = CASE WHEN c.phone = '' THEN n.phone_is_masked ELSE c.phone_is_masked END,
       email = CASE WHEN c.email = '' THEN n.email ELSE c.email END
  FROM customers_naming n
 WHERE c.id = n.customer_id
   AND ((c.name = '' AND n.name <> '') OR (c.phone = '' AND n.phone <> '') OR (c.email = '' AND n.email <> ''))
