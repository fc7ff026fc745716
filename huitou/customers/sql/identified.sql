-- One row per name that somebody is known by: in this source, or as a code of the house.
SELECT n.name, coalesce(i.customer_id, c.id, m.customer_id)
  FROM unnest(%(names)s::text[]) AS n(name)
  LEFT JOIN customers_identity i ON i.source = %(source)s AND i.value = n.name
  LEFT JOIN customers_customer c ON %(uses_our_codes)s AND c.code = n.name
  LEFT JOIN customers_merge m ON %(uses_our_codes)s AND m.gone_code = n.name AND m.undone_at IS NULL
 WHERE coalesce(i.customer_id, c.id, m.customer_id) IS NOT NULL
