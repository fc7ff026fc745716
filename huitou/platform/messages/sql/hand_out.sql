-- One row per waiting message that goes onto the list: from now on it counts as handed over.
UPDATE platform_message
   SET state = 'sending', list_id = %(list_id)s, attempts = attempts + 1, began_at = %(now)s
 WHERE id = ANY (%(ids)s) AND state = 'queued'
