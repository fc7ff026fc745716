-- One row per message asked about, as a channel gets it; who was forgotten is left out.
SELECT id, ref, channel, purpose, customer_id, address, subject, text, html, token, attempts,
       coalesce(began_at, queued_at)
  FROM platform_message
 WHERE id = ANY (%(ids)s) AND text <> ''
 ORDER BY id
