-- One row per waiting message that may not go, with its reason; the words of a secret one are forgotten.
UPDATE platform_message m
   SET state = 'refused', reason = r.reason, ended_at = %(now)s,
       text = CASE WHEN m.is_secret THEN '' ELSE m.text END,
       html = CASE WHEN m.is_secret THEN '' ELSE m.html END
  FROM unnest(%(ids)s::bigint[], %(reasons)s::text[]) AS r(id, reason)
 WHERE m.id = r.id AND m.state = 'queued'
