-- One row per contact with this customer or statement of consent, the newest first; of the same instant statements come
-- first. A row “stopped” says only whether “do not contact” holds now.
-- %(contacts_at)s, %(contacts_id)s, %(consents_at)s, %(consents_id)s  the last of each kind already seen, or null
SELECT what, id, kind, text, said, by, at FROM (
    (SELECT 'stopped' AS what, 0 AS id, '' AS kind, '' AS text, s.state AS said, '' AS by, s.stated_at AS at
       FROM customers_consent s
      WHERE s.customer_id = %(customer_id)s AND s.channel = 'any' AND s.purpose = 'any'
      ORDER BY s.stated_at DESC, s.id DESC LIMIT 1)
    UNION ALL
    (SELECT 'contact', t.id, t.kind, t.text, t.reaction, t.user_name, t.at
       FROM customers_contact t
      WHERE t.customer_id = %(customer_id)s
        AND (%(contacts_at)s::timestamptz IS NULL OR (t.at, t.id) < (%(contacts_at)s, %(contacts_id)s))
      ORDER BY t.at DESC, t.id DESC LIMIT %(contacts)s)
    UNION ALL
    (SELECT 'consent', s.id, s.channel, s.purpose, s.state, s.evidence, s.stated_at
       FROM customers_consent s
      WHERE s.customer_id = %(customer_id)s
        AND (%(consents_at)s::timestamptz IS NULL OR (s.stated_at, s.id) < (%(consents_at)s, %(consents_id)s))
      ORDER BY s.stated_at DESC, s.id DESC LIMIT %(consents)s)
) both_kinds
ORDER BY at DESC, what, id DESC
