-- One row per source, of those asked for, that any transfer has: the first and the last of its keys, byte by byte.
SELECT s.source, least.external_id, most.external_id
  FROM unnest(%(sources)s::text[]) AS s (source)
 CROSS JOIN LATERAL (SELECT t.external_id FROM points_transfer t WHERE t.source = s.source
                      ORDER BY t.source, t.external_id LIMIT 1) AS least
 CROSS JOIN LATERAL (SELECT t.external_id FROM points_transfer t WHERE t.source = s.source
                      ORDER BY t.source DESC, t.external_id DESC LIMIT 1) AS most;
