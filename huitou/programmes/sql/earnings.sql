-- One row per earning of these members that counts for a tier on or after a day, or is of one of these orders.
SELECT e.customer_id, e.source, e.number, e.earned_on, e.qualifies_until, e.base_minor, e.rule_version_id,
       e.multiplier_percent, e.points, e.qualifying, e.revision, e.awards::text
  FROM programmes_earning e
 WHERE e.customer_id = ANY(%(customer_ids)s)
   AND (e.qualifies_until >= %(since)s
        OR (e.source, e.number) IN (SELECT * FROM unnest(%(sources)s::text[], %(numbers)s::text[])))
