-- One row: how many transfers took something else than their draws (I5), and the smallest id of one.
SELECT count(*), min(id)
  FROM (SELECT id
          FROM (SELECT t.id, t.points FROM points_transfer t
                  JOIN points_account a ON a.id = t.debit AND a.customer_id IS NOT NULL
                  JOIN points_account s ON s.id = t.credit AND s.name <> 'debt'
                 UNION ALL
                SELECT transfer_id, -points FROM points_draw WHERE kind NOT IN ('repay', 'give_back')) p
         GROUP BY id
        HAVING sum(points) <> 0) wrong;
