-- One row: how many transfers are not between a system account and a member's of its unit (I1), and the smallest id of one.
SELECT count(*), min(t.id)
  FROM points_transfer t
  LEFT JOIN points_account d ON d.id = t.debit
  LEFT JOIN points_account c ON c.id = t.credit
 WHERE t.points <= 0 OR d.id IS NULL OR c.id IS NULL OR (d.customer_id IS NULL) = (c.customer_id IS NULL)
    OR d.programme_id <> c.programme_id OR d.unit <> c.unit;
