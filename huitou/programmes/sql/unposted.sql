-- One row per member and unit whose orders were awarded other points in the ledger than is on record here. Whoever was
-- erased is no member any more: the ledger keeps their numbers, nothing here does.
WITH kept AS (
    SELECT e.customer_id, one.unit, sum(one.points) AS points
      FROM programmes_earning e,
           jsonb_array_elements(e.awards) AS leg,
           LATERAL (VALUES ('points', (leg->>1)::bigint), ('qualifying', (leg->>3)::bigint)) AS one (unit, points)
     GROUP BY e.customer_id, one.unit
),
posted AS (
    SELECT customer_id, unit, sum(points) AS points
      FROM points_v_transfer
     WHERE kind = 'award' AND source LIKE 'order/%%'
       AND customer_id IN (SELECT customer_id FROM programmes_membership)
     GROUP BY customer_id, unit
)
SELECT customer_id, unit, coalesce(k.points, 0)::bigint, coalesce(p.points, 0)::bigint
  FROM kept k FULL JOIN posted p USING (customer_id, unit)
 WHERE coalesce(k.points, 0) <> coalesce(p.points, 0)
 ORDER BY customer_id, unit
