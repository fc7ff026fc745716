-- One row: the customer as they were before they were joined with another, under the same number.
INSERT INTO customers_customer
SELECT o.* FROM jsonb_populate_record(NULL::customers_customer, %(image)s::jsonb) o
