-- One row per message that is new; a key that is known keeps the message it has.
INSERT INTO platform_message (ref, key, digest, token, source, channel, purpose, customer_id, address, address_digest,
                              subject, text, html, is_secret, state, reason, detail, attempts, provider_id,
                              queued_at, not_before, not_after)
SELECT n.ref, n.key, n.digest, n.token, n.source, n.channel, n.purpose, n.customer_id, n.address, n.address_digest,
       n.subject, n.text, n.html, n.is_secret, 'queued', '', '', 0, '',
       %(now)s, coalesce(n.not_before, %(now)s), n.not_after
  FROM unnest(%(ref)s::text[], %(key)s::text[], %(digest)s::text[], %(token)s::text[], %(source)s::text[],
              %(channel)s::text[], %(purpose)s::text[], %(customer_id)s::bigint[], %(address)s::text[],
              %(address_digest)s::text[], %(subject)s::text[], %(text)s::text[], %(html)s::text[],
              %(is_secret)s::boolean[], %(not_before)s::timestamptz[], %(not_after)s::timestamptz[])
       WITH ORDINALITY
       AS n(ref, key, digest, token, source, channel, purpose, customer_id, address, address_digest,
            subject, text, html, is_secret, not_before, not_after, place)
 ORDER BY n.place
    ON CONFLICT (key) DO NOTHING
RETURNING id
