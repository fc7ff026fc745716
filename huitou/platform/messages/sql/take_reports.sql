-- One row per message a provider has spoken of, and that may still become what it says.
UPDATE platform_message m
   SET state = r.state, reason = r.reason, detail = r.detail, ended_at = %(now)s, sender = NULL
  FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(reasons)s::text[], %(details)s::text[])
       AS r(id, state, reason, detail)
 WHERE m.id = r.id
   AND m.state <> r.state
