-- One row per invariant of the ledger that does not hold: its name, how often, and the smallest id that shows it.
-- %(upto)s  the last transfer of the newest seal, with its %(transfers)s and %(fingerprint)s; null = nothing is sealed
--
-- One pass over each table, without a group per account. Where two sides have to agree row by row (a balance with its transfers, a lot
-- with its draws, a transfer with its lots, a fact with its transfers), both are summed with a random weight per row: the sums
-- are equal only if every row is, but for one chance in a million. Then often is 1 and there is no example:
-- sql/unsound_accounts.sql and its like look for the rows.
WITH moved AS MATERIALIZED (
    -- One row per house (a system account) that gave to members, and per house that took from them.
    SELECT gave, took, min(points) AS least, count(*) AS transfers, sum(weight * points) AS points, sum(weight) AS counted,
           count(*) FILTER (WHERE previous_id >= id) AS backwards,
           bit_xor(hashint8extended(id, hashint8extended(member_id, balance_after))
                 # hashint8extended(coalesce(previous_id, 0), hashint8extended(member_id, balance_after - signed))) AS chain,
           sum(points_weight(id) * points) AS weighed,
           sum(points_weight(id) * points) FILTER (WHERE expires_on IS NOT NULL) AS lots,
           sum(points_weight(fact_id)) AS told,
           bit_xor(fingerprint) FILTER (WHERE id <= %(upto)s) AS fingerprint, count(*) FILTER (WHERE id <= %(upto)s) AS sealed
      FROM (SELECT t.id, t.fact_id, t.previous_id, t.points, t.balance_after, t.expires_on, g.id AS gave, s.id AS took,
                   points_fingerprint(t) AS fingerprint, CASE WHEN g.id IS NULL THEN -t.points ELSE t.points END AS signed,
                   CASE WHEN g.id IS NULL THEN t.debit ELSE t.credit END AS member_id,
                   points_weight(CASE WHEN g.id IS NULL THEN t.debit ELSE t.credit END) AS weight
              FROM points_transfer t
              LEFT JOIN points_account g ON g.id = t.debit AND g.customer_id IS NULL
              LEFT JOIN points_account s ON s.id = t.credit AND s.customer_id IS NULL) t  -- each core sums its share of them
     GROUP BY gave, took
), transfers AS MATERIALIZED (
    -- One row: all of them.
    SELECT coalesce(sum(CASE WHEN gave IS NULL THEN -m.points ELSE m.points END), 0) AS moved,
           coalesce(sum(counted), 0) AS counted, sum(backwards) AS backwards, coalesce(bit_xor(chain), 0) AS chain,
           coalesce(sum(lots), 0) AS lots, coalesce(sum(weighed) FILTER (WHERE gave IS NULL AND s.name <> 'debt'), 0) AS taken,
           coalesce(sum(told), 0) AS told, coalesce(bit_xor(fingerprint), 0) AS fingerprint, coalesce(sum(sealed), 0) AS sealed,
           count(*) FILTER (WHERE least <= 0 OR (gave IS NULL) = (took IS NULL)) AS wrong
      FROM moved m LEFT JOIN points_account s ON s.id = m.took
), lots AS MATERIALIZED (
    -- One row: what is left of all lots.
    SELECT coalesce(sum(points_weight(account_id) * remaining), 0) AS held,
           coalesce(sum(points_weight(transfer_id) * remaining), 0) AS lots
      FROM points_openlot
), drawn AS MATERIALIZED (
    -- One row per kind of draw.
    SELECT kind, sum(points_weight(lot_id) * points) AS lots, sum(points_weight(transfer_id) * points) AS transfers
      FROM points_draw GROUP BY kind
), members AS MATERIALIZED (
    -- One row: what all members' accounts store.
    SELECT coalesce(sum(points_weight(id) * balance), 0) AS balances, coalesce(sum(points_weight(id) * version), 0) AS versions,
           coalesce(sum(points_weight(id) * (balance + owed)), 0) AS held,
           bit_xor(hashint8extended(last_transfer_id, hashint8extended(id, balance))
                 # hashint8extended(0, hashint8extended(id, 0))) FILTER (WHERE last_transfer_id IS NOT NULL) AS chain,
           count(*) FILTER (WHERE is_wrong) AS wrong, min(id) FILTER (WHERE is_wrong) AS example
      FROM (SELECT a.*, owed < 0 OR held < 0 OR held > greatest(balance, 0)
                     OR owed > 0 AND EXISTS (SELECT FROM points_openlot l WHERE l.account_id = a.id) AS is_wrong
              FROM points_account a WHERE customer_id IS NOT NULL OFFSET 0) a
), found (invariant, often, example) AS (
    -- Transfers of a unit's houses, and of its members.
    SELECT 'I1 between two accounts of one unit', 1, NULL::bigint
      FROM (SELECT a.programme_id, a.unit, sum(m.counted) AS counted
              FROM moved m JOIN points_account a ON a.id = coalesce(m.gave, m.took) GROUP BY a.programme_id, a.unit) h
      FULL JOIN (SELECT programme_id, unit, sum(points_weight(id) * version) AS versions
                   FROM points_account WHERE customer_id IS NOT NULL GROUP BY programme_id, unit) u USING (programme_id, unit)
    HAVING count(*) FILTER (WHERE coalesce(counted, 0) <> coalesce(versions, 0)) + (SELECT wrong FROM transfers) > 0
    UNION ALL
    SELECT 'I2 balance is credits less debits', 1, NULL FROM transfers, members WHERE moved <> balances
    UNION ALL
    -- Each transfer begins with what the one it names ended with; the last ends with the balance.
    SELECT 'I2 balances follow one another', 1, NULL FROM transfers, members
     WHERE transfers.chain <> coalesce(members.chain, 0) OR backwards > 0
    UNION ALL
    SELECT 'I3 balance is open lots less owed', greatest(wrong, 1), members.example FROM members, lots
     WHERE members.held <> lots.held OR wrong > 0
    UNION ALL
    SELECT 'I4 a lot is what is left and its draws', 1, NULL
      FROM transfers, lots
     WHERE transfers.lots
           - coalesce((SELECT sum(points_weight(t.id) * d.points) FROM points_draw d JOIN points_transfer t ON t.id = d.transfer_id
                        WHERE d.kind = 'give_back' AND t.expires_on IS NOT NULL), 0)
        <> lots.lots + (SELECT coalesce(sum(CASE WHEN kind = 'give_back' THEN -drawn.lots ELSE drawn.lots END), 0) FROM drawn)
    UNION ALL
    SELECT 'I5 what was taken is its draws', 1, NULL
      FROM transfers
     WHERE taken
        <> (SELECT coalesce(sum(drawn.transfers), 0) FROM drawn WHERE kind NOT IN ('repay', 'give_back'))
    UNION ALL
    SELECT 'I9 the past is as it was sealed', 1, %(upto)s
      FROM transfers
     WHERE %(upto)s::bigint IS NOT NULL AND (fingerprint <> %(fingerprint)s OR sealed <> %(transfers)s)
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
    SELECT 'I15 versions have no gap', 1, NULL FROM transfers, members WHERE counted <> versions
    UNION ALL
    SELECT 'I15 one fact tells of each transfer', 1, NULL
      FROM transfers
     WHERE told
        <> (SELECT coalesce(sum(points_weight(fact_id) * (payload ->> 'transfers')::bigint), 0) FROM platform_v_fact
             WHERE name IN ('points.posted', 'points.batch_posted'))
)
SELECT invariant, often::bigint, example::bigint FROM found WHERE often > 0;
