-- One row per member whose qualifying points are others today than they were told.
SELECT m.customer_id
  FROM programmes_membership m
 WHERE m.left_at IS NULL
   AND m.qualifying_points <> coalesce((SELECT sum(e.qualifying) FROM programmes_earning e
                                         WHERE e.customer_id = m.customer_id
                                           AND %(today)s BETWEEN e.earned_on AND e.qualifies_until), 0)
 ORDER BY m.customer_id
