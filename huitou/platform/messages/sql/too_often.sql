-- One row per address digest, of those asked about, from which so many messages came back for now after %(since)s.
SELECT address_digest
  FROM platform_return
 WHERE kind = 'later' AND channel = %(channel)s AND address_digest = ANY (%(digests)s) AND at > %(since)s
 GROUP BY address_digest
HAVING count(*) >= %(most)s
