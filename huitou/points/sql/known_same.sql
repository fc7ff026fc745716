-- One row per award, counted from 0 in the arrays, whose key happened with this same request.
SELECT r.n - 1
  FROM unnest(%(source)s::text[], %(external_id)s::text[], %(leg)s::smallint[], %(customer_id)s::bigint[], %(unit)s::text[],
           %(points)s::bigint[], %(effective_on)s::date[], %(expires_on)s::date[], %(rule_version)s::bigint[]) WITH ORDINALITY
       AS r (source, external_id, leg, customer_id, unit, points, effective_on, expires_on, rule_version, n)
  JOIN points_transfer t ON t.source = r.source AND t.external_id = r.external_id AND t.leg = r.leg
 WHERE points_gave(t, 'award', %(programme_id)s, r.customer_id, r.unit, r.points, r.effective_on, r.expires_on, r.rule_version);
