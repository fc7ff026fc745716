"""Awards: one by one, as arrays, from a staged table. All three write the same rows."""

from django.db import migrations

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
    v_digest bigint := hash_record_extended(ROW(p_kind, p_programme, p_customer, p_unit, p_points,
        CASE WHEN p_kind = 'award' THEN p_effective END, v_expires, p_rule), 0);
    v_account bigint; v_issued bigint; v_id bigint; v_previous bigint; v_fact bigint; v_repaid bigint;
BEGIN
    SELECT CASE WHEN t.payload_digest = v_digest THEN 'repeated' ELSE 'conflict' END, ARRAY[t.id], t.balance_after
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
    INSERT INTO points_transfer (id, fact_id, previous_id, debit, credit, points, balance_after, payload_digest, rule_version,
        occurred_at, recorded_at, effective_on, expires_on, leg, kind, source, external_id, why)
    VALUES (v_id, v_fact, v_previous, v_issued, v_account, p_points, balance, v_digest, p_rule,
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

# Both ways for many read their rows from somewhere and are otherwise the same text.
MANY = """
    IF {missing} THEN
        PERFORM points_open_accounts(p_programme, {units}, {customers});
    END IF;
    WITH locked AS MATERIALIZED (
        -- In one order for everybody: nobody waits in a circle.
        SELECT a.id, a.customer_id, a.unit, a.balance, a.version, a.last_transfer_id, i.id AS issued
          FROM (SELECT DISTINCT unit, customer_id FROM {rows} r) w
          JOIN points_account a ON a.customer_id = w.customer_id AND a.programme_id = p_programme AND a.unit = w.unit
          JOIN points_account i ON i.programme_id = p_programme AND i.unit = w.unit AND i.name = 'issued'
           AND i.customer_id IS NULL
         ORDER BY a.id FOR NO KEY UPDATE OF a
    ), placed AS MATERIALIZED (
        -- One row per award whose key has not happened, in the order of the requests, with its place in its account.
        SELECT s.*, (s.balance + sum(s.points) OVER w)::bigint AS balance_after,
               coalesce(lag(s.id) OVER w, s.last_transfer_id) AS previous_id,
               s.version + row_number() OVER w AS version_after,
               lead(s.id) OVER w IS NULL AS is_last
          FROM (SELECT f.*, nextval('points_transfer_id_seq') AS id
                  FROM (SELECT r.*, coalesce(r.expires_on, 'infinity') AS until, m.id AS account_id, m.balance, m.version,
                               m.last_transfer_id, m.issued
                          FROM {rows} r
                          JOIN locked m ON m.customer_id = r.customer_id AND m.unit = r.unit
                         -- Each key is looked up: joined, all keys of all times would be read for a few.
                         WHERE (SELECT t.id FROM points_transfer t WHERE t.source = r.source
                                   AND t.external_id = r.external_id AND t.leg = r.leg) IS NULL
                         ORDER BY r.n) f) s
        WINDOW w AS (PARTITION BY s.account_id ORDER BY s.id)
    ), entered AS (
        INSERT INTO points_transfer (id, fact_id, previous_id, debit, credit, points, balance_after, payload_digest,
            rule_version, occurred_at, recorded_at, effective_on, expires_on, leg, kind, source, external_id, why)
        SELECT p.id, v_fact, p.previous_id, p.issued, p.account_id, p.points, p.balance_after,
               hash_record_extended(ROW(p_kind, p_programme, p.customer_id, p.unit, p.points,
                   CASE WHEN p_kind = 'award' THEN p.effective_on END, p.until, p.rule_version), 0),
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
    ), accounts AS (
        UPDATE points_account a
           SET balance = p.balance_after, owed = greatest(0, -p.balance_after), version = p.version_after,
               last_but_one_id = p.previous_id, last_transfer_id = p.id
          FROM placed p
         WHERE p.is_last AND a.id = p.account_id
    )
    SELECT count(*), min(id), max(id) INTO v_count, v_first, v_last FROM placed;
    IF v_count > 0 THEN
        PERFORM platform_record_fact(v_fact, 'points.batch_posted', jsonb_build_object('programme_id', p_programme,
            'first_transfer_id', v_first, 'last_transfer_id', v_last, 'transfers', v_count), p_actor);
    END IF;
"""
ROWS = (
    "unnest(p_source, p_external, p_leg, p_customer, p_unit, p_points, p_occurred, p_effective, p_expires, p_rule, p_why) "
    "WITH ORDINALITY AS r (source, external_id, leg, customer_id, unit, points, occurred_at, effective_on, expires_on, "
    "rule_version, why, n)"
)
# Whether somebody has no account yet: few are looked up one by one, many are joined.
COUNTED = (
    f"(SELECT count(*) FROM {ROWS} JOIN points_account a ON a.customer_id = r.customer_id "
    "AND a.programme_id = p_programme AND a.unit = r.unit) < cardinality(p_source)"
)
SOUGHT = (
    "EXISTS (SELECT FROM (SELECT DISTINCT unit, customer_id FROM points_stage) w WHERE NOT EXISTS (SELECT FROM points_account a "
    "WHERE a.customer_id = w.customer_id AND a.programme_id = p_programme AND a.unit = w.unit))"
)

ARRAYS = (
    """
-- Award many, no key twice among them: one row per request, in order. An array of one takes the short way.
CREATE FUNCTION points_award(
    p_kind text, p_programme bigint, p_actor text, p_now timestamptz,
    p_source text[], p_external text[], p_leg smallint[], p_customer bigint[], p_unit text[], p_points bigint[],
    p_occurred timestamptz[], p_effective date[], p_expires date[], p_rule bigint[], p_why text[],
    OUT n bigint, OUT state text, OUT transfers bigint[], OUT balance bigint
) RETURNS SETOF record LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_fact bigint; v_count bigint; v_first bigint; v_last bigint;
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
"""
    + MANY.replace("{rows} r", ROWS).replace("{units}", "p_unit").replace("{customers}", "p_customer")
    .replace("{missing}", COUNTED)
    + """
    RETURN QUERY
    SELECT r.n,
           CASE WHEN t.fact_id = v_fact THEN 'accepted'
                WHEN t.payload_digest = hash_record_extended(ROW(p_kind, p_programme, r.customer_id, r.unit, r.points,
                    CASE WHEN p_kind = 'award' THEN r.effective_on END, coalesce(r.expires_on, 'infinity'), r.rule_version), 0)
                THEN 'repeated' ELSE 'conflict' END,
           ARRAY[t.id], t.balance_after
      FROM """
    + ROWS
    + """
      JOIN points_transfer t ON t.source = r.source AND t.external_id = r.external_id AND t.leg = r.leg
     ORDER BY r.n;
END $$;
"""
)
NO_ARRAYS = """
DROP FUNCTION points_award(text, bigint, text, timestamptz, text[], text[], smallint[], bigint[], text[], bigint[],
    timestamptz[], date[], date[], bigint[], text[]);
"""

STAGED = (
    """
-- Award what this session has staged in points_stage (n, source, external_id, leg, customer_id, unit, points, occurred_at,
-- effective_on, expires_on, rule_version, why), no key twice in it. Tells how many were new, and the fact.
-- Accounts are joined by hash: the planner takes the locked ones for few and would compare everyone with everyone.
CREATE FUNCTION points_award_staged(p_kind text, p_programme bigint, p_actor text, p_now timestamptz,
    OUT posted bigint, OUT fact bigint
) LANGUAGE plpgsql SET work_mem = '256MB' SET enable_nestloop = off AS $$
DECLARE
    v_fact bigint; v_count bigint; v_first bigint; v_last bigint;
BEGIN
    v_fact := platform_next_fact();
"""
    + MANY.replace("{rows} r", "points_stage r")
    .replace("{units}", "(SELECT array_agg(unit ORDER BY n) FROM points_stage)")
    .replace("{customers}", "(SELECT array_agg(customer_id ORDER BY n) FROM points_stage)")
    .replace("{missing}", SOUGHT)
    + """
    posted := v_count;
    fact := CASE WHEN v_count > 0 THEN v_fact END;
END $$;

-- Of what is staged, the rows whose key had happened before this fact: one row each, with the request the same or not.
CREATE FUNCTION points_staged_before(p_kind text, p_programme bigint, p_fact bigint,
    OUT n bigint, OUT is_same boolean
) RETURNS SETOF record LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT r.n, t.payload_digest = hash_record_extended(ROW(p_kind, p_programme, r.customer_id, r.unit, r.points,
               CASE WHEN p_kind = 'award' THEN r.effective_on END, coalesce(r.expires_on, 'infinity'), r.rule_version), 0)
      FROM points_stage r
      JOIN points_transfer t ON t.source = r.source AND t.external_id = r.external_id AND t.leg = r.leg
     WHERE t.fact_id IS DISTINCT FROM p_fact
     ORDER BY r.n;
END $$;
"""
)
NO_STAGED = """
DROP FUNCTION points_staged_before(text, bigint, bigint);
DROP FUNCTION points_award_staged(text, bigint, text, timestamptz);
"""


class Migration(migrations.Migration):
    """Make the functions of awards."""

    dependencies = [("points", "0002_guards")]
    operations = [
        migrations.RunSQL(ONE, NO_ONE),
        migrations.RunSQL(ARRAYS, NO_ARRAYS),
        migrations.RunSQL(STAGED, NO_STAGED),
    ]
