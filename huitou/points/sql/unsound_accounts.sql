-- One row per invariant of the accounts that does not hold: its name, how often, and the smallest account that shows it.
WITH moved AS MATERIALIZED (
    -- One row per member's account with transfers.
    SELECT member_id, sum(points) AS points, count(*) AS transfers, max(id) AS last_id,
           bit_xor(hashint8extended(id, balance_after)
                 # hashint8extended(coalesce(previous_id, 0), balance_after - points)) AS chain
      FROM (SELECT t.id, t.previous_id, t.balance_after, CASE WHEN g.id IS NULL THEN t.debit ELSE t.credit END AS member_id,
                   CASE WHEN g.id IS NULL THEN -t.points ELSE t.points END AS points
              FROM points_transfer t
              LEFT JOIN points_account g ON g.id = t.debit AND g.customer_id IS NULL) t
     GROUP BY member_id
), members AS MATERIALIZED (
    -- One row per member's account: what it stores beside what its transfers and lots say.
    SELECT a.id, a.balance, a.owed, a.held, a.version, a.last_transfer_id, coalesce(m.points, 0) AS points,
           coalesce(m.transfers, 0) AS transfers, m.last_id, coalesce(m.chain, 0) AS chain, coalesce(h.remaining, 0) AS remaining
      FROM points_account a
      LEFT JOIN moved m ON m.member_id = a.id
      LEFT JOIN (SELECT account_id, sum(remaining) AS remaining FROM points_openlot GROUP BY account_id) h ON h.account_id = a.id
     WHERE a.customer_id IS NOT NULL
)
SELECT 'I2 balance is credits less debits', count(*), min(id) FROM members WHERE balance <> points
UNION ALL
SELECT 'I2 balances follow one another', count(*), min(id) FROM members
 WHERE transfers > 0 AND chain <> (hashint8extended(last_transfer_id, balance) # hashint8extended(0, 0))
UNION ALL
SELECT 'I3 balance is open lots less owed', count(*), min(id) FROM members
 WHERE balance <> remaining - owed OR owed < 0 OR owed > 0 AND remaining > 0 OR held < 0 OR held > greatest(balance, 0)
UNION ALL
SELECT 'I15 versions have no gap', count(*), min(id) FROM members
 WHERE version <> transfers OR last_transfer_id IS DISTINCT FROM last_id;
