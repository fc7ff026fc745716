-- One row per member whose tier or qualifying points are others today than told before. They are held.
WITH reached AS (
    SELECT m.customer_id, m.tier,
           coalesce((SELECT sum(e.qualifying) FROM programmes_earning e
                      WHERE e.customer_id = m.customer_id
                        AND %(today)s BETWEEN e.earned_on AND e.qualifies_until), 0)::bigint AS points
      FROM programmes_membership m
     WHERE m.left_at IS NULL AND m.customer_id = ANY(%(customer_ids)s::bigint[])
),
placed AS (
    SELECT r.customer_id, r.tier AS tier_before, r.points,
           coalesce((SELECT code FROM unnest(%(codes)s::text[], %(thresholds)s::bigint[]) AS ladder (code, from_points)
                      WHERE from_points <= r.points ORDER BY from_points DESC LIMIT 1), '') AS tier_after
      FROM reached r
),
told AS (
    UPDATE programmes_membership m
       SET qualifying_points = p.points, tier = p.tier_after,
           tier_since = CASE WHEN p.tier_after <> m.tier THEN %(today)s::date ELSE m.tier_since END
      FROM placed p
     WHERE m.customer_id = p.customer_id AND (m.qualifying_points, m.tier) IS DISTINCT FROM (p.points, p.tier_after)
)
INSERT INTO programmes_tierchange (customer_id, changed_on, changed_at, tier_before, tier_after, qualifying_points,
                                   rule_version_id)
SELECT customer_id, %(today)s, %(now)s, tier_before, tier_after, points, %(rule_version_id)s
  FROM placed
 WHERE tier_before <> tier_after
RETURNING customer_id, tier_before, tier_after
