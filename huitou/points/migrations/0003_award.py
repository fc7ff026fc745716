"""Awards: one by one, as arrays, from a staged table. All three write the same rows."""

from django.db import migrations

SAME = """
-- Whether the transfer is what this award, or this adjustment upwards, asks for.
CREATE FUNCTION points_gave(t points_transfer, p_kind text, p_programme bigint, p_customer bigint, p_unit text, p_points bigint,
    p_effective date, p_expires date, p_rule bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT t.kind = p_kind AND t.points = p_points AND (p_kind <> 'award' OR t.effective_on = p_effective)
       AND coalesce(t.expires_on = coalesce(p_expires, 'infinity'), false) AND t.rule_version IS NOT DISTINCT FROM p_rule
       AND EXISTS (SELECT FROM points_account a
                    WHERE a.id = t.credit AND a.customer_id = p_customer AND a.programme_id = p_programme AND a.unit = p_unit)
$$;
"""
NO_SAME = """
DROP FUNCTION points_gave(points_transfer, text, bigint, bigint, text, bigint, date, date, bigint);
"""

ONE = """
-- Award once: answers accepted, repeated or conflict, with the transfer and the balance after it.
-- The account is locked, changed and read in one UPDATE; if someone posted the key meanwhile, the unique key fails
-- the statement, and its retry finds the answer.
CREATE FUNCTION points_award_one(
    p_kind text, p_programme bigint, p_actor text, p_now timestamptz,
    p_source text, p_external text, p_leg smallint, p_customer bigint, p_unit text, p_points bigint,
    p_occurred timestamptz, p_effective date, p_expires date, p_rule bigint, p_why jsonb,
    OUT state text, OUT transfers bigint[], OUT balance bigint
) LANGUAGE plpgsql AS $$
DECLARE
    v_expires date := coalesce(p_expires, 'infinity');
    v_account bigint; v_issued bigint; v_id bigint; v_previous bigint; v_fact bigint; v_repaid bigint;
BEGIN
    SELECT CASE WHEN points_gave(t, p_kind, p_programme, p_customer, p_unit, p_points, p_effective, p_expires, p_rule)
                THEN 'repeated' ELSE 'conflict' END, ARRAY[t.id], t.balance_after
      INTO state, transfers, balance
      FROM points_transfer t
     WHERE t.source = p_source AND t.external_id = p_external AND t.leg = p_leg;
    IF FOUND THEN RETURN; END IF;
    LOOP
        UPDATE points_account a
           SET balance = a.balance + p_points, owed = greatest(0, -a.balance - p_points), version = a.version + 1,
               last_but_one_id = a.last_transfer_id, last_transfer_id = nextval('points_transfer_id_seq')
         WHERE a.customer_id = p_customer AND a.programme_id = p_programme AND a.unit = p_unit
        RETURNING a.id, a.balance, a.last_transfer_id, a.last_but_one_id,
                  (SELECT s.id FROM points_account s WHERE s.programme_id = p_programme AND s.unit = p_unit
                      AND s.name = 'issued' AND s.customer_id IS NULL)
          INTO v_account, balance, v_id, v_previous, v_issued;
        EXIT WHEN FOUND;
        PERFORM points_open_accounts(p_programme, ARRAY[p_unit], ARRAY[p_customer]);
    END LOOP;
    v_fact := platform_next_fact();
    PERFORM platform_record_fact(v_fact, 'points.posted', jsonb_build_object(
        'programme_id', p_programme, 'customer_id', p_customer,
        'first_transfer_id', v_id, 'last_transfer_id', v_id, 'transfers', 1), p_actor);
    INSERT INTO points_transfer (id, fact_id, previous_id, debit, credit, points, balance_after, rule_version,
        occurred_at, recorded_at, effective_on, expires_on, leg, kind, source, external_id, why)
    VALUES (v_id, v_fact, v_previous, v_issued, v_account, p_points, balance, p_rule,
        p_occurred, p_now, p_effective, v_expires, p_leg, p_kind, p_source, p_external, p_why);
    -- Before it, the balance was balance - points: what was below zero was owed.
    v_repaid := least(p_points, greatest(0, p_points - balance));
    IF v_repaid < p_points THEN
        INSERT INTO points_openlot (account_id, transfer_id, remaining, expires_on, effective_on)
        VALUES (v_account, v_id, p_points - v_repaid, v_expires, p_effective);
    END IF;
    IF v_repaid > 0 THEN
        INSERT INTO points_draw (transfer_id, lot_id, points, kind) VALUES (v_id, v_id, v_repaid, 'repay');
    END IF;
    state := 'accepted';
    transfers := ARRAY[v_id];
END $$;
"""
NO_ONE = """
DROP FUNCTION points_award_one(text, bigint, text, timestamptz, text, text, smallint, bigint, text, bigint, timestamptz,
    date, date, bigint, jsonb);
"""

# The requests as rows.
ROWS = (
    "unnest(p_source, p_external, p_leg, p_customer, p_unit, p_points, p_occurred, p_effective, p_expires, p_rule, p_why) "
    "WITH ORDINALITY AS r (source, external_id, leg, customer_id, unit, points, occurred_at, effective_on, expires_on, "
    "rule_version, why, n)"
)
ARRAYS = """
-- Award many, no key twice among them: one row per request, in order. An array of one takes the short way.
-- Each member's account is locked, changed and read in one UPDATE, in one order for everybody (points_lock). Where that
-- misses one, because it is not open yet, or because somebody posted to it after our ids were drawn, nothing of it is kept,
-- and the next time all are opened and locked before. Tables are never read whole, whatever the planner knows of them.
CREATE FUNCTION points_award(
    p_kind text, p_programme bigint, p_actor text, p_now timestamptz,
    p_source text[], p_external text[], p_leg smallint[], p_customer bigint[], p_unit text[], p_points bigint[],
    p_occurred timestamptz[], p_effective date[], p_expires date[], p_rule bigint[], p_why text[],
    OUT n bigint, OUT state text, OUT transfers bigint[], OUT balance bigint
) RETURNS SETOF record LANGUAGE plpgsql SET enable_seqscan = off SET enable_bitmapscan = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE
    v_fact bigint; v_count bigint; v_missing bigint; v_ids bigint[]; v_balances bigint[];
BEGIN
    IF cardinality(p_source) = 1 THEN
        n := 1;
        SELECT o.state, o.transfers, o.balance INTO state, transfers, balance
          FROM points_award_one(p_kind, p_programme, p_actor, p_now, p_source[1], p_external[1], p_leg[1], p_customer[1],
               p_unit[1], p_points[1], p_occurred[1], p_effective[1], p_expires[1], p_rule[1], p_why[1]::jsonb) o;
        RETURN NEXT;
        RETURN;
    END IF;
    v_fact := platform_next_fact();
    LOOP
        BEGIN
            WITH known AS MATERIALIZED (
                -- The index is walked along all keys at once; joined, all keys of all times would be read for a few.
                SELECT source, external_id, leg FROM points_transfer WHERE source = ANY (p_source) AND external_id = ANY (p_external)
            ), houses AS MATERIALIZED (
                SELECT id, unit FROM points_account
                 WHERE programme_id = p_programme AND unit = ANY (p_unit) AND name = 'issued' AND customer_id IS NULL
            ), fresh AS MATERIALIZED (
                -- One row per award whose key has not happened: its member's number among them, and what it is there.
                SELECT f.*, dense_rank() OVER (ORDER BY customer_id, unit COLLATE "C") AS member,
                       sum(points) OVER w AS so_far, lag(id) OVER w AS before_id
                  FROM (SELECT s.*, nextval('points_transfer_id_seq') AS id
                          FROM (SELECT r.*, coalesce(r.expires_on, 'infinity') AS until
                                  FROM {rows}
                                 WHERE NOT EXISTS (SELECT FROM known k WHERE k.source = r.source
                                                      AND k.external_id = r.external_id AND k.leg = r.leg)
                                 ORDER BY r.n) s) f  -- ids in the order of the requests
                WINDOW w AS (PARTITION BY customer_id, unit COLLATE "C" ORDER BY id)
            ), gifts AS MATERIALIZED (
                SELECT member, customer_id, unit, sum(points)::bigint AS points, count(*) AS awards,
                       min(id) AS first_id, max(id) AS last_id
                  FROM fresh GROUP BY member, customer_id, unit ORDER BY member
            ), raised AS (
                UPDATE points_account a
                   SET balance = a.balance + g.points, owed = greatest(0, -a.balance - g.points), version = a.version + g.awards,
                       last_but_one_id = a.last_transfer_id, last_transfer_id = g.last_id
                  FROM gifts g
                 WHERE a.customer_id = g.customer_id AND a.programme_id = p_programme AND a.unit = g.unit
                   AND coalesce(a.last_transfer_id, 0) < g.first_id
                RETURNING g.member, a.id, a.balance - g.points AS balance, a.last_but_one_id AS last_id
            ), members AS MATERIALIZED (
                -- One row, by the members' numbers: joined, each award would be held against each member.
                SELECT array_agg(id ORDER BY member) AS ids, array_agg(balance ORDER BY member) AS balances,
                       array_agg(last_id ORDER BY member) AS last_ids, count(*) AS raised
                  FROM raised
            ), placed AS MATERIALIZED (
                SELECT f.*, m.ids[f.member] AS account_id, h.id AS issued, (m.balances[f.member] + f.so_far)::bigint AS balance_after,
                       coalesce(f.before_id, m.last_ids[f.member]) AS previous_id
                  FROM members m CROSS JOIN fresh f JOIN houses h ON h.unit = f.unit
                 WHERE m.raised = (SELECT count(*) FROM gifts)
            ), entered AS (
                INSERT INTO points_transfer (id, fact_id, previous_id, debit, credit, points, balance_after,
                    rule_version, occurred_at, recorded_at, effective_on, expires_on, leg, kind, source, external_id, why)
                SELECT p.id, v_fact, p.previous_id, p.issued, p.account_id, p.points, p.balance_after,
                       p.rule_version, p.occurred_at, p_now, p.effective_on, p.until, p.leg, p_kind, p.source, p.external_id,
                       p.why::jsonb
                  FROM placed p
                 ORDER BY p.id
            ), lots AS (
                INSERT INTO points_openlot (account_id, transfer_id, remaining, expires_on, effective_on)
                SELECT account_id, id, least(points, balance_after), until, effective_on
                  FROM placed WHERE balance_after > 0
                 ORDER BY account_id, until, id
            ), repaid AS (
                INSERT INTO points_draw (transfer_id, lot_id, points, kind)
                SELECT id, id, least(points, points - balance_after), 'repay'
                  FROM placed WHERE balance_after < points
            )
            SELECT count(*), array_agg(id ORDER BY id), array_agg(balance_after ORDER BY id),
                   (SELECT count(*) FROM gifts) - (SELECT raised FROM members)
              INTO v_count, v_ids, v_balances, v_missing FROM placed;
            EXIT WHEN v_missing = 0;
            RAISE no_data_found;
        EXCEPTION WHEN no_data_found THEN
            PERFORM points_lock(p_programme, p_unit, p_customer, p_unit, p_customer, '{}', '{}', '{}');
        END;
    END LOOP;
    IF v_count > 0 THEN
        PERFORM platform_record_fact(v_fact, 'points.batch_posted', jsonb_build_object('programme_id', p_programme,
            'first_transfer_id', v_ids[1], 'last_transfer_id', v_ids[v_count], 'transfers', v_count), p_actor);
    END IF;
    IF v_count = cardinality(p_source) THEN  -- all are new: nothing has to be looked up again
        RETURN QUERY
        SELECT f.n, 'accepted', ARRAY[f.id], f.balance FROM unnest(v_ids, v_balances) WITH ORDINALITY AS f (id, balance, n);
        RETURN;
    END IF;
    RETURN QUERY
    SELECT r.n,
           CASE WHEN t.fact_id = v_fact THEN 'accepted'
                WHEN points_gave(t, p_kind, p_programme, r.customer_id, r.unit, r.points, r.effective_on, r.expires_on,
                                 r.rule_version) THEN 'repeated' ELSE 'conflict' END,
           ARRAY[t.id], t.balance_after
      FROM {rows}
      JOIN points_transfer t ON t.source = r.source AND t.external_id = r.external_id AND t.leg = r.leg
     ORDER BY r.n;
END $$;
""".replace("{rows}", ROWS)
NO_ARRAYS = """
DROP FUNCTION points_award(text, bigint, text, timestamptz, text[], text[], smallint[], bigint[], text[], bigint[],
    timestamptz[], date[], date[], bigint[], text[]);
"""

RAISE = """
-- Raise each member's account by so many points and awards, the last of them p_last; one row per account that there is,
-- n counting from 1: what it had before. A posting after this has later ids than p_last, one before it may have (points_renumber).
-- The members come in the order of points_lock, p_programme once for each; accounts are locked as they come: only an index
-- leads to them, so no plan turns the join around, or reads all accounts for each member.
CREATE FUNCTION points_raise(p_programme bigint[], p_unit text[], p_customer bigint[], p_points bigint[], p_awards bigint[],
    p_last bigint[], OUT accounts bigint, OUT told bytea
) LANGUAGE plpgsql SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    WITH raised AS (
        UPDATE points_account a
           SET balance = a.balance + g.points, owed = greatest(0, -a.balance - g.points), version = a.version + g.awards,
               last_but_one_id = a.last_transfer_id, last_transfer_id = g.last_id
          FROM unnest(p_programme, p_unit, p_customer, p_points, p_awards, p_last)
               WITH ORDINALITY AS g (programme_id, unit, customer_id, points, awards, last_id, n)
         WHERE a.customer_id = g.customer_id AND a.programme_id = g.programme_id AND a.unit = g.unit
        RETURNING g.n, a.id, a.balance - g.points AS balance, coalesce(a.last_but_one_id, 0) AS last_id
    )
    SELECT count(*), string_agg(int8send(r.n) || int8send(r.id) || int8send(r.balance) || int8send(r.last_id), '')
      INTO accounts, told FROM raised r;
END $$;

-- Name another last transfer of accounts that this transaction has raised.
CREATE FUNCTION points_renumber(p_account bigint[], p_last bigint[]) RETURNS void LANGUAGE sql AS $$
    UPDATE points_account a SET last_transfer_id = w.last_id
      FROM unnest(p_account, p_last) AS w (account_id, last_id)
     WHERE a.id = w.account_id
$$;
"""
NO_RAISE = """
DROP FUNCTION points_renumber(bigint[], bigint[]);
DROP FUNCTION points_raise(bigint[], text[], bigint[], bigint[], bigint[], bigint[]);
"""


class Migration(migrations.Migration):
    """Make the functions of awards."""

    dependencies = [("points", "0002_guards")]
    operations = [
        migrations.RunSQL(SAME, NO_SAME),
        migrations.RunSQL(ONE, NO_ONE),
        migrations.RunSQL(ARRAYS, NO_ARRAYS),
        migrations.RunSQL(RAISE, NO_RAISE),
    ]
