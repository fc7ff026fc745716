-- One row per invariant of the ledger that does not hold: its name, how often, and the smallest id that shows it.
--
-- One pass over the transfers, one over each other table. Where two sides have to agree row by row (a lot with its draws,
-- a transfer with its lots, a fact with its transfers), both are summed with a random weight per row: the sums are equal
-- only if every row is, but for one chance in a million; sql/unsound_lots.sql and its like then look for the rows.
WITH pairs AS MATERIALIZED (
    -- One row per two accounts that points moved between, in one direction.
    SELECT t.debit, t.credit, bool_or(house.id IS NOT NULL) AS is_given,
           count(*) AS transfers, min(t.points) AS least, min(t.id) AS first_id, max(t.id) AS last_id, sum(t.points) AS points,
           bit_xor(hashint8extended(t.id, t.balance_after)) AS afters,
           bit_xor(hashint8extended(coalesce(t.previous_id, 0),
               t.balance_after - CASE WHEN house.id IS NULL THEN -t.points ELSE t.points END)) AS befores,
           sum(points_weight(t.id) * t.points) AS weighed,
           sum(points_weight(t.id) * t.points) FILTER (WHERE t.expires_on IS NOT NULL) AS lots,
           sum(points_weight(t.fact_id)) AS facts
      FROM points_transfer t
      LEFT JOIN points_account house ON house.id = t.debit AND house.customer_id IS NULL
     GROUP BY t.debit, t.credit
), moved AS MATERIALIZED (
    -- The same, seen from the member's account.
    SELECT CASE WHEN is_given THEN credit ELSE debit END AS account_id, CASE WHEN is_given THEN debit ELSE credit END AS house_id,
           CASE WHEN is_given THEN points ELSE -points END AS points,
           is_given, transfers, least, first_id, last_id, afters, befores, weighed, lots, facts
      FROM pairs
), held AS MATERIALIZED (
    -- One row per account with open lots.
    SELECT account_id, sum(remaining) AS remaining, sum(points_weight(transfer_id) * remaining) AS lots
      FROM points_openlot GROUP BY account_id
), drawn AS MATERIALIZED (
    -- One row per kind of draw.
    SELECT kind, sum(points_weight(lot_id) * points) AS lots, sum(points_weight(transfer_id) * points) AS transfers
      FROM points_draw GROUP BY kind
), members AS MATERIALIZED (
    -- One row per account: what it stores beside what its transfers and lots say.
    SELECT a.id, a.balance, a.owed, a.held, a.version, a.last_transfer_id, a.kind,
           coalesce(m.points, 0) AS points, coalesce(m.transfers, 0) AS transfers, m.last_id,
           coalesce(m.afters, 0) AS afters, coalesce(m.befores, 0) AS befores, coalesce(h.remaining, 0) AS remaining
      FROM points_account a
      LEFT JOIN (SELECT account_id, sum(points) AS points, sum(transfers) AS transfers, max(last_id) AS last_id,
                        bit_xor(afters) AS afters, bit_xor(befores) AS befores
                   FROM moved GROUP BY account_id) m ON m.account_id = a.id
      LEFT JOIN held h ON h.account_id = a.id
     WHERE a.customer_id IS NOT NULL
), found AS (
    SELECT 'I1 between two accounts of one unit' AS invariant, sum(m.transfers) AS often, min(m.first_id) AS example
      FROM moved m
      LEFT JOIN points_account a ON a.id = m.account_id
      LEFT JOIN points_account s ON s.id = m.house_id
     WHERE m.least <= 0 OR a.customer_id IS NULL OR s.id IS NULL OR s.customer_id IS NOT NULL
        OR a.programme_id <> s.programme_id OR a.unit <> s.unit
    UNION ALL
    SELECT 'I2 balance is credits less debits', count(*), min(id) FROM members WHERE balance <> points
    UNION ALL
    -- Each transfer begins with what the one it names ended with; the last ends with the balance.
    SELECT 'I2 balances follow one another', count(*), min(id) FROM members
     WHERE transfers > 0 AND (afters # befores)
           <> (hashint8extended(last_transfer_id, balance) # hashint8extended(0, 0))
    UNION ALL
    SELECT 'I3 balance is open lots less owed', count(*), min(id) FROM members
     WHERE balance <> remaining - owed OR owed < 0 OR owed > 0 AND remaining > 0
        OR held < 0 OR held > greatest(balance, 0)
    UNION ALL
    SELECT 'I4 a lot is what is left and its draws', 1, NULL
     WHERE (SELECT coalesce(sum(lots), 0) FROM moved)
           - coalesce((SELECT sum(points_weight(t.id) * d.points) FROM points_draw d JOIN points_transfer t ON t.id = d.transfer_id
                        WHERE d.kind = 'give_back' AND t.expires_on IS NOT NULL), 0)
        <> (SELECT coalesce(sum(lots), 0) FROM held)
           + (SELECT coalesce(sum(CASE WHEN kind = 'give_back' THEN -lots ELSE lots END), 0) FROM drawn)
    UNION ALL
    SELECT 'I5 what was taken is its draws', 1, NULL
     WHERE (SELECT coalesce(sum(m.weighed), 0) FROM moved m JOIN points_account s ON s.id = m.house_id
             WHERE NOT m.is_given AND s.name <> 'debt')
        <> (SELECT coalesce(sum(transfers), 0) FROM drawn WHERE kind NOT IN ('repay', 'give_back'))
    UNION ALL
    SELECT 'I11 claw-backs of an award are at most it', count(*), min(c.award_id)
      FROM (SELECT award_id, sum(asked) AS asked FROM points_clawback GROUP BY award_id) c
      LEFT JOIN points_transfer t ON t.id = c.award_id
     WHERE t.id IS NULL OR t.kind <> 'award' OR c.asked > t.points
    UNION ALL
    SELECT 'I11 a claw-back took what it says', count(*), min(c.award_id)
      FROM points_clawback c
      LEFT JOIN points_transfer took ON took.source = c.source AND took.external_id = c.external_id AND took.leg = c.leg
      LEFT JOIN points_transfer owes ON owes.source = c.source AND owes.external_id = c.external_id AND owes.leg = -c.leg
     WHERE coalesce(took.points, 0) <> c.taken OR coalesce(owes.points, 0) <> c.owed
    UNION ALL
    SELECT 'I11 give-backs of a redemption are at most it', count(*), min(r.reverses)
      FROM (SELECT t.reverses, t.credit, sum(t.points) AS points FROM points_transfer t
             WHERE t.reverses IS NOT NULL GROUP BY t.reverses, t.credit) r
      LEFT JOIN points_transfer t ON t.id = r.reverses
     WHERE t.id IS NULL OR t.kind NOT IN ('award', 'redeem') OR r.points > t.points
    UNION ALL
    SELECT 'I15 versions have no gap', count(*), min(id) FROM members
     WHERE version <> transfers OR last_transfer_id IS DISTINCT FROM last_id
    UNION ALL
    SELECT 'I15 one fact tells of each transfer', 1, NULL
     WHERE (SELECT coalesce(sum(facts), 0) FROM moved)
        <> (SELECT coalesce(sum(points_weight(fact_id) * (payload ->> 'transfers')::bigint), 0) FROM platform_v_fact
             WHERE name IN ('points.posted', 'points.batch_posted'))
)
SELECT invariant, often::bigint, example FROM found WHERE often > 0;
