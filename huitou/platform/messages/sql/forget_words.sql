-- One row per message, of the oldest at most %(limit)s, that was queued before %(before)s and waits no more: its words
-- are deleted. What it was, to whom it went, when and what became of it stays, and its key.
UPDATE platform_message
   SET subject = '', text = '', html = ''
 WHERE id IN (SELECT id FROM platform_message
               WHERE text <> '' AND queued_at < %(before)s AND state <> 'queued'
               ORDER BY id LIMIT %(limit)s)
