-- One row per contact with this customer or statement of consent, the newest first; each says whether “do not contact”
-- holds now.
SELECT both_kinds.*,
       coalesce((SELECT s.state = 'withdrawn' FROM customers_consent s
                  WHERE s.customer_id = %(customer_id)s AND s.channel = 'any' AND s.purpose = 'any'
                  ORDER BY s.stated_at DESC, s.id DESC LIMIT 1), false) AS is_stopped
  FROM (
    (SELECT 'contact' AS what, t.kind, t.text, t.reaction AS said, t.user_name AS by, t.at
       FROM customers_contact t
      WHERE t.customer_id = %(customer_id)s ORDER BY t.at DESC, t.id DESC LIMIT %(limit)s)
    UNION ALL
    (SELECT 'consent', s.channel, s.purpose, s.state, s.evidence, s.stated_at
       FROM customers_consent s
      WHERE s.customer_id = %(customer_id)s ORDER BY s.stated_at DESC, s.id DESC LIMIT %(limit)s)
) both_kinds
ORDER BY at DESC
LIMIT %(limit)s
