-- A row is what a file says of a customer; null = says nothing. Below: a channel with its consent.
CREATE TEMP TABLE IF NOT EXISTS customers_incoming (
    line bigint, customer text PRIMARY KEY, code text, name text, name_folded text, name_pinyin text, name_initials text, kind text,
    phone text, phone_reversed text, phone_is_masked boolean, email text, birth_date date, birth_calendar text,
    home_store text, home_store_id bigint, acquired_from text, tags text[], customer_id bigint, step text
) ON COMMIT DROP;
CREATE TEMP TABLE IF NOT EXISTS customers_consent_incoming (
    customer text, channel text, state text, evidence text, PRIMARY KEY (customer, channel)
) ON COMMIT DROP;
CREATE INDEX IF NOT EXISTS customers_incoming_code ON customers_incoming (code);
TRUNCATE customers_incoming, customers_consent_incoming;
