-- One row per customer that a search finds, each once, at most %(limit)s per way of finding.
-- Every pattern is a prefix with its wildcards escaped; a null pattern is a way that is not tried:
-- name, pinyin, initials, code; phone is the tail of a number written backwards; email is the whole address.
SELECT id FROM (SELECT id FROM customers_customer
                WHERE  code = %(code_exact)s LIMIT %(limit)s) by_exact_code
UNION
SELECT customer_id FROM (SELECT customer_id FROM customers_merge
                WHERE  gone_code = %(code_exact)s AND undone_at IS NULL LIMIT %(limit)s) by_joined_code
UNION
SELECT id FROM (SELECT id FROM customers_customer
                WHERE  code LIKE %(code)s LIMIT %(limit)s) by_code
UNION
SELECT id FROM (SELECT id FROM customers_customer
                WHERE  name_folded LIKE %(name)s LIMIT %(limit)s) by_name
UNION
SELECT id FROM (SELECT id FROM customers_customer
                WHERE  name_pinyin LIKE %(pinyin)s LIMIT %(limit)s) by_pinyin
UNION
SELECT id FROM (SELECT id FROM customers_customer
                WHERE  name_initials LIKE %(initials)s LIMIT %(limit)s) by_initials
UNION
SELECT id FROM (SELECT id FROM customers_customer
                WHERE  phone_reversed LIKE %(phone)s AND phone_reversed <> '' LIMIT %(limit)s) by_phone
UNION
SELECT id FROM (SELECT id FROM customers_customer
                WHERE  email = %(email)s AND email <> '' LIMIT %(limit)s) by_email
UNION
SELECT customer_id FROM (SELECT customer_id FROM customers_address
                WHERE  value_reversed LIKE %(phone)s AND value_reversed <> '' LIMIT %(limit)s) by_other_phone
UNION
SELECT customer_id FROM (SELECT customer_id FROM customers_address
                WHERE  kind = 'email' AND value = %(email)s LIMIT %(limit)s) by_other_email;
