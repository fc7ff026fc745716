-- A row of fresh_person is a customer with purchases, as orders see it now; a row of
-- fresh_store_person is the last purchase day of a customer at one store.
CREATE TEMP TABLE IF NOT EXISTS fresh_person (
    customer_id bigint PRIMARY KEY, first_ordered_on date, last_ordered_on date,
    purchases integer NOT NULL, net_minor bigint NOT NULL, main_store_id bigint
) ON COMMIT DROP;
CREATE TEMP TABLE IF NOT EXISTS fresh_store_person (
    customer_id bigint, store_id bigint, last_ordered_on date NOT NULL,
    PRIMARY KEY (customer_id, store_id)
) ON COMMIT DROP;
TRUNCATE fresh_person, fresh_store_person;
