-- One row per report: the message it speaks of, if any: by its id, by the provider's, else the newest one that left
-- for the address on this channel (and on the named list).
SELECT r.place, m.id, m.ref, m.state, m.customer_id, m.purpose, m.channel, m.address_digest
  FROM unnest(%(refs)s::text[], %(provider_ids)s::text[], %(digests)s::text[])
       WITH ORDINALITY AS r(ref, provider_id, digest, place)
  LEFT JOIN LATERAL (
       SELECT * FROM (
           (SELECT a.*, 1 AS rank FROM platform_message a WHERE r.ref <> '' AND a.ref = r.ref)
           UNION ALL
           (SELECT a.*, 2 FROM platform_message a
             WHERE r.provider_id <> '' AND a.provider_id = r.provider_id LIMIT 1)
           UNION ALL
           (SELECT a.*, 3 FROM platform_message a
              LEFT JOIN platform_messagelist l ON l.id = a.list_id
             WHERE r.ref = '' AND r.provider_id = '' AND r.digest <> '' AND a.channel = %(channel)s
               AND a.address_digest = r.digest AND a.began_at IS NOT NULL
               AND (%(list_id)s = '' OR l.public_id = %(list_id)s)
             ORDER BY a.id DESC LIMIT 1)) found
        WHERE found.channel = %(channel)s
        ORDER BY rank LIMIT 1) m ON true
 ORDER BY r.place
