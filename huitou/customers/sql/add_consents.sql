-- One row per statement that differs from the newest one known: a refusal, or a consent with its evidence.
INSERT INTO customers_consent (customer_id, channel, purpose, state, evidence, reference, source, stated_at,
                               recorded_at, user_name, import_id)
SELECT n.customer_id, i.channel, 'marketing', i.state, i.evidence, '', 'file', %(now)s, %(now)s, '', %(import_id)s
  FROM customers_consent_incoming i
  JOIN customers_incoming n USING (customer)
 WHERE i.state IS DISTINCT FROM (
       SELECT s.state FROM customers_consent s
        WHERE s.customer_id = n.customer_id AND s.channel = i.channel AND s.purpose = 'marketing'
        ORDER BY s.stated_at DESC, s.id DESC LIMIT 1)
