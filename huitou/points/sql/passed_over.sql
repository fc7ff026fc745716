-- One row: how many redemptions passed over a usable lot that expires sooner (I6), and the smallest id of one.
--
-- In a sound ledger a member's draws reach lots further and further on. Only where one does not, or where an open lot lies
-- before what was reached, is it asked what that lot still held just after.
WITH spent AS MATERIALIZED (
    -- One row per transfer that took from lots: the nearest and the furthest of them in the order of spending.
    SELECT d.transfer_id, min(l.credit) AS account_id, bool_or(d.kind IN ('redeem', 'adjust')) AS is_ordered,
           min(points_order(l.expires_on, l.id)) AS nearest, max(points_order(l.expires_on, l.id)) AS furthest,
           max(l.expires_on) AS expires_on
      FROM points_draw d
      JOIN points_transfer l ON l.id = d.lot_id
     WHERE d.kind NOT IN ('repay', 'give_back')
     GROUP BY d.transfer_id
), reached AS (
    SELECT account_id, max(transfer_id) AS last_id, max(furthest) AS furthest, max(expires_on) AS expires_on
      FROM spent WHERE is_ordered GROUP BY account_id
), suspects AS MATERIALIZED (
    SELECT account_id
      FROM (SELECT account_id, nearest,
                   max(CASE WHEN is_ordered THEN furthest END) OVER (PARTITION BY account_id ORDER BY transfer_id
                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached_before
              FROM spent) s
     WHERE nearest < reached_before
    UNION
    -- The key of the lots is the order of spending: of each account the first few are looked at, not all lots of all.
    SELECT r.account_id
      FROM reached r
     WHERE (SELECT true FROM points_openlot k
             WHERE k.account_id = r.account_id AND k.expires_on <= r.expires_on
               AND k.transfer_id < r.last_id AND points_order(k.expires_on, k.transfer_id) < r.furthest
             LIMIT 1)
), pieces AS (
    -- One row per change of a suspect's lot, and what is left now as the last one.
    SELECT l.credit AS account_id, l.id AS lot_id, l.expires_on, l.effective_on, points_order(l.expires_on, l.id) AS place,
           d.transfer_id, CASE WHEN d.kind = 'give_back' THEN -d.points ELSE d.points END AS points
      FROM points_draw d
      JOIN points_transfer l ON l.id = d.lot_id
     WHERE l.credit IN (SELECT account_id FROM suspects)
     UNION ALL
    SELECT k.account_id, k.transfer_id, k.expires_on, k.effective_on, points_order(k.expires_on, k.transfer_id),
           9223372036854775807, k.remaining
      FROM points_openlot k JOIN suspects USING (account_id)
), passed AS (
    SELECT s.transfer_id
      FROM spent s
      JOIN suspects USING (account_id)
      JOIN points_transfer t ON t.id = s.transfer_id
      JOIN pieces k ON k.account_id = s.account_id AND k.transfer_id > s.transfer_id AND k.lot_id < s.transfer_id
       AND k.place < s.furthest AND k.effective_on <= t.effective_on AND k.expires_on >= t.effective_on
     WHERE s.is_ordered
     GROUP BY s.transfer_id, k.lot_id
    HAVING sum(k.points) > 0
)
SELECT count(DISTINCT transfer_id), min(transfer_id) FROM passed;
