-- One row per name by which this source now knows a customer.
INSERT INTO customers_identity (source, value, customer_id)
SELECT %(source)s, n.customer, n.customer_id FROM customers_incoming n
    ON CONFLICT (source, value) DO NOTHING
