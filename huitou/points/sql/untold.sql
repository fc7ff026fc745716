-- One row: how many facts tell of another number of transfers than name them (I15), and the smallest id of one.
SELECT count(*), min(fact_id)
  FROM (SELECT fact_id
          FROM (SELECT fact_id, 1 AS transfers FROM points_transfer
                 UNION ALL
                SELECT fact_id, -(payload ->> 'transfers')::bigint FROM platform_v_fact
                 WHERE name IN ('points.posted', 'points.batch_posted')) p
         GROUP BY fact_id
        HAVING sum(transfers) <> 0) wrong;
