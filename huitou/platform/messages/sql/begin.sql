-- The waiting message that is to be handed over now, as a channel gets it; no row if it does not wait any more.
UPDATE platform_message
   SET state = 'sending', reason = '', sender = %(sender)s, attempts = attempts + 1, began_at = %(now)s
 WHERE id = %(id)s AND state = 'queued' AND not_before <= %(now)s
RETURNING id, ref, channel, purpose, customer_id, address, subject, text, html, token, attempts, began_at
