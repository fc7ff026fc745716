-- One row per member whose tier or qualifying points are others today than they were told.
WITH reached AS (
    SELECT m.customer_id, m.tier, m.qualifying_points,
           coalesce((SELECT sum(e.qualifying) FROM programmes_earning e
                      WHERE e.customer_id = m.customer_id
                        AND %(today)s BETWEEN e.earned_on AND e.qualifies_until), 0)::bigint AS points
      FROM programmes_membership m
     WHERE m.left_at IS NULL
)
SELECT r.customer_id
  FROM reached r
 WHERE (r.qualifying_points, r.tier) IS DISTINCT FROM
       (r.points, coalesce((SELECT code FROM unnest(%(codes)s::text[], %(thresholds)s::bigint[]) AS ladder (code, from_points)
                             WHERE from_points <= r.points ORDER BY from_points DESC LIMIT 1), ''))
 ORDER BY r.customer_id
