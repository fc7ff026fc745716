-- One row: what whoever serves this customer should know. Consent to marketing and notes as lists of pairs.
SELECT c.tags, c.needs,
       coalesce((SELECT s.state = 'withdrawn' FROM customers_consent s
                  WHERE s.customer_id = c.id AND s.channel = 'any' AND s.purpose = 'any'
                  ORDER BY s.stated_at DESC, s.id DESC LIMIT 1), false),
       coalesce((SELECT json_agg(json_build_array(n.channel, n.state) ORDER BY n.channel)
                   FROM (SELECT DISTINCT ON (s.channel) s.channel, s.state FROM customers_consent s
                          WHERE s.customer_id = c.id AND s.purpose = 'marketing'
                          ORDER BY s.channel, s.stated_at DESC, s.id DESC) n), '[]')::text,
       coalesce((SELECT json_agg(json_build_array(t.at, t.text) ORDER BY t.at DESC, t.id DESC)
                   FROM (SELECT id, at, text FROM customers_contact
                          WHERE customer_id = c.id AND kind = 'note' ORDER BY at DESC, id DESC LIMIT %(notes)s) t),
                '[]')::text
  FROM customers_customer c
 WHERE c.id = %(customer_id)s
