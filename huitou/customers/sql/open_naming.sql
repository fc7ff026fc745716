-- A row is a customer as a file names them, with what it says of them and, once found, who it is.
CREATE TEMP TABLE IF NOT EXISTS customers_naming (
    customer text PRIMARY KEY, code text, name text, name_folded text, name_pinyin text, name_initials text,
    phone text, phone_reversed text, phone_is_masked boolean, email text, customer_id bigint
) ON COMMIT DROP;
CREATE INDEX IF NOT EXISTS customers_naming_code ON customers_naming (code);
TRUNCATE customers_naming;
