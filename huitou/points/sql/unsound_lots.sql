-- One row: how many lots are not what is left of them and their draws (I4), and the smallest id of one.
SELECT count(*), min(lot_id)
  FROM (SELECT lot_id
          FROM (SELECT id AS lot_id, points FROM points_transfer WHERE expires_on IS NOT NULL
                 UNION ALL
                -- What a give-back returned to older lots is not in its own.
                SELECT d.transfer_id, -d.points FROM points_draw d JOIN points_transfer t ON t.id = d.transfer_id
                 WHERE d.kind = 'give_back' AND t.expires_on IS NOT NULL
                 UNION ALL
                SELECT lot_id, CASE WHEN kind = 'give_back' THEN points ELSE -points END FROM points_draw
                 UNION ALL
                SELECT transfer_id, -remaining FROM points_openlot) p
         GROUP BY lot_id
        HAVING sum(points) <> 0) wrong;
