"""Redemptions and takings by staff: soonest to expire first. And expiries."""

from django.db import migrations

SAME = """
-- Whether the transfer is what this redemption, or this taking by staff, asks for.
CREATE FUNCTION points_took(t points_transfer, p_kind text, p_programme bigint, p_customer bigint, p_unit text, p_points bigint)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT t.kind = p_kind AND t.points = p_points
       AND EXISTS (SELECT FROM points_account a
                    WHERE a.id = t.debit AND a.customer_id = p_customer AND a.programme_id = p_programme AND a.unit = p_unit)
$$;
"""

REDEEM = """
-- Take so many points from the lots that can be used on p_day, soonest to expire first, for the transfer p_transfer of an
-- account that is locked. Answers how many are missing; then nothing was taken.
CREATE FUNCTION points_spend_lots(p_transfer bigint, p_kind text, p_account bigint, p_day date, p_points bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    v_lot bigint; v_expires date; v_left bigint := p_points; v_take bigint; v_rest bigint;
    v_lots bigint[] := '{}'; v_takes bigint[] := '{}'; lot record;
BEGIN
    -- Most often the first lot is enough.
    SELECT l.transfer_id, l.expires_on, l.remaining - p_points INTO v_lot, v_expires, v_rest FROM points_openlot l
     WHERE l.account_id = p_account AND l.expires_on >= p_day AND l.effective_on <= p_day
     ORDER BY l.expires_on, l.transfer_id LIMIT 1;
    IF v_rest >= 0 THEN
        IF v_rest > 0 THEN
            UPDATE points_openlot l SET remaining = v_rest
             WHERE l.account_id = p_account AND l.expires_on = v_expires AND l.transfer_id = v_lot;
        ELSE
            DELETE FROM points_openlot l
             WHERE l.account_id = p_account AND l.expires_on = v_expires AND l.transfer_id = v_lot;
        END IF;
        INSERT INTO points_draw (transfer_id, lot_id, points, kind) VALUES (p_transfer, v_lot, p_points, p_kind);
        RETURN 0;
    END IF;
    FOR lot IN SELECT l.transfer_id, l.remaining FROM points_openlot l
                WHERE l.account_id = p_account AND l.expires_on >= p_day AND l.effective_on <= p_day
                ORDER BY l.expires_on, l.transfer_id LOOP
        v_take := least(lot.remaining, v_left);
        v_lots := v_lots || lot.transfer_id;
        v_takes := v_takes || v_take;
        v_left := v_left - v_take;
        v_rest := lot.remaining - v_take;
        EXIT WHEN v_left = 0;
    END LOOP;
    IF v_left = 0 THEN
        INSERT INTO points_draw (transfer_id, lot_id, points, kind)
        SELECT p_transfer, d.lot_id, d.points, p_kind FROM unnest(v_lots, v_takes) AS d (lot_id, points);
        PERFORM points_take_from_lots(p_account, v_lots, v_rest);
    END IF;
    RETURN v_left;
END $$;

-- Spend once: answers accepted, repeated, conflict or short (then ``available`` is what could be).
-- p_kind is redeem, or adjust where staff take points. The account is locked, changed and read in one UPDATE. Somebody
-- may have posted the same key meanwhile: the unique key fails the statement, and its retry finds the answer; or that
-- left too few points, so before that is said the key is looked for again, with the account locked.
CREATE FUNCTION points_redeem_one(
    p_kind text, p_programme bigint, p_actor text, p_now timestamptz,
    p_source text, p_external text, p_leg smallint, p_customer bigint, p_unit text, p_points bigint,
    p_occurred timestamptz, p_day date, p_why jsonb,
    OUT state text, OUT transfers bigint[], OUT balance bigint, OUT available bigint
) LANGUAGE plpgsql AS $$
DECLARE
    v_account bigint; v_into bigint; v_id bigint; v_previous bigint; v_fact bigint; v_balance bigint; v_held bigint;
BEGIN
    FOR turn IN 1 .. 2 LOOP
        SELECT CASE WHEN points_took(t, p_kind, p_programme, p_customer, p_unit, p_points)
                    THEN 'repeated' ELSE 'conflict' END, ARRAY[t.id], t.balance_after
          INTO state, transfers, balance
          FROM points_transfer t
         WHERE t.source = p_source AND t.external_id = p_external AND t.leg = p_leg;
        IF FOUND THEN RETURN; END IF;
        EXIT WHEN turn = 2;
        UPDATE points_account a
           SET balance = a.balance - p_points, version = a.version + 1,
               last_but_one_id = a.last_transfer_id, last_transfer_id = nextval('points_transfer_id_seq')
         WHERE a.customer_id = p_customer AND a.programme_id = p_programme AND a.unit = p_unit
           AND a.balance - a.held >= p_points
        RETURNING a.id, a.balance, a.last_transfer_id, a.last_but_one_id,
                  (SELECT s.id FROM points_account s WHERE s.programme_id = p_programme AND s.unit = p_unit
                      AND s.name = CASE p_kind WHEN 'redeem' THEN 'redeemed' ELSE 'issued' END AND s.customer_id IS NULL)
          INTO v_account, balance, v_id, v_previous, v_into;
        IF FOUND THEN
            IF points_spend_lots(v_id, p_kind, v_account, p_day, p_points) = 0 THEN
                v_fact := platform_next_fact();
                PERFORM platform_record_fact(v_fact, 'points.posted', jsonb_build_object(
                    'programme_id', p_programme, 'customer_id', p_customer,
                    'first_transfer_id', v_id, 'last_transfer_id', v_id, 'transfers', 1), p_actor);
                INSERT INTO points_transfer (id, fact_id, previous_id, debit, credit, points, balance_after,
                    occurred_at, recorded_at, effective_on, leg, kind, source, external_id, why)
                VALUES (v_id, v_fact, v_previous, v_account, v_into, p_points, balance,
                    p_occurred, p_now, p_day, p_leg, p_kind, p_source, p_external, p_why);
                state := 'accepted'; transfers := ARRAY[v_id];
                RETURN;
            END IF;
            -- Some of the balance is past or not usable yet: the account is again what it was.
            UPDATE points_account a
               SET balance = a.balance + p_points, version = a.version - 1,
                   last_but_one_id = NULL, last_transfer_id = v_previous
             WHERE a.id = v_account;
        END IF;
        SELECT a.id, a.balance, a.held INTO v_account, v_balance, v_held FROM points_account a
         WHERE a.customer_id = p_customer AND a.programme_id = p_programme AND a.unit = p_unit
           FOR NO KEY UPDATE;
    END LOOP;
    SELECT greatest(0, coalesce(sum(l.remaining), 0) - coalesce(v_held, 0)) INTO available
      FROM points_openlot l
     WHERE l.account_id = v_account AND l.expires_on >= p_day AND l.effective_on <= p_day;
    state := 'short'; balance := coalesce(v_balance, 0);
END $$;

-- Spend many: one row per request, in order.
CREATE FUNCTION points_redeem(
    p_kind text, p_programme bigint, p_actor text, p_now timestamptz,
    p_source text[], p_external text[], p_leg smallint[], p_customer bigint[], p_unit text[], p_points bigint[],
    p_occurred timestamptz[], p_day date[], p_why text[],
    OUT n bigint, OUT state text, OUT transfers bigint[], OUT balance bigint, OUT available bigint
) RETURNS SETOF record LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1 .. cardinality(p_source) LOOP
        n := i;
        SELECT o.state, o.transfers, o.balance, o.available INTO state, transfers, balance, available
          FROM points_redeem_one(p_kind, p_programme, p_actor, p_now, p_source[i], p_external[i], p_leg[i], p_customer[i],
               p_unit[i], p_points[i], p_occurred[i], p_day[i], p_why[i]::jsonb) o;
        RETURN NEXT;
    END LOOP;
END $$;
"""

TAKE = """
-- Close the lots that were emptied; in the last of them p_rest is left.
CREATE FUNCTION points_take_from_lots(p_account bigint, p_lots bigint[], p_rest bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF p_rest > 0 THEN
        UPDATE points_openlot l SET remaining = p_rest
         WHERE l.account_id = p_account AND l.transfer_id = p_lots[cardinality(p_lots)];
    END IF;
    IF p_rest = 0 OR cardinality(p_lots) > 1 THEN
        DELETE FROM points_openlot l
         WHERE l.account_id = p_account
           AND l.transfer_id = ANY (CASE WHEN p_rest = 0 THEN p_lots ELSE trim_array(p_lots, 1) END);
    END IF;
END $$;
"""

EXPIRE = """
-- Expire what is past in these accounts, which the caller has locked: one transfer per account and last usable day.
-- Its key is the account with the number of the transfer among the account's own.
CREATE FUNCTION points_expire_accounts(p_accounts bigint[], p_day date, p_now timestamptz, p_fact bigint,
    OUT transfers bigint, OUT first_id bigint, OUT last_id bigint, OUT lots bigint, OUT points bigint
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    WITH gone AS MATERIALIZED (
        DELETE FROM points_openlot l WHERE l.account_id = ANY (p_accounts) AND l.expires_on < p_day
        RETURNING l.account_id, l.expires_on, l.transfer_id AS lot_id, l.remaining
    ), days AS (
        SELECT account_id, expires_on, sum(remaining)::bigint AS points FROM gone GROUP BY account_id, expires_on
         ORDER BY account_id, expires_on
    ), numbered AS MATERIALIZED (
        SELECT d.*, nextval('points_transfer_id_seq') AS id FROM (SELECT * FROM days OFFSET 0) d
    ), placed AS MATERIALIZED (
        SELECT d.id, d.account_id, d.expires_on, d.points, x.id AS expired,
               a.balance - sum(d.points) OVER w AS balance_after,
               coalesce(lag(d.id) OVER w, a.last_transfer_id) AS previous_id,
               a.version + row_number() OVER w AS version,
               lead(d.id) OVER w IS NULL AS is_last
          FROM numbered d
          JOIN points_account a ON a.id = d.account_id
          JOIN points_account x ON x.programme_id = a.programme_id AND x.unit = a.unit AND x.name = 'expired'
           AND x.customer_id IS NULL
        WINDOW w AS (PARTITION BY d.account_id ORDER BY d.id)
    ), entered AS (
        INSERT INTO points_transfer (id, fact_id, previous_id, debit, credit, points, balance_after,
            occurred_at, recorded_at, effective_on, leg, kind, source, external_id, why)
        SELECT id, p_fact, previous_id, account_id, expired, points, balance_after,
               p_now, p_now, expires_on + 1, 1, 'expire', 'expiry', account_id || '.' || version, '{}'
          FROM placed ORDER BY id
    ), drawn AS (
        INSERT INTO points_draw (transfer_id, lot_id, points, kind)
        SELECT p.id, g.lot_id, g.remaining, 'expire'
          FROM gone g JOIN placed p ON p.account_id = g.account_id AND p.expires_on = g.expires_on
         ORDER BY p.id, g.lot_id
    ), accounts AS (
        UPDATE points_account a
           SET balance = p.balance_after, version = p.version, last_but_one_id = p.previous_id, last_transfer_id = p.id
          FROM placed p
         WHERE p.is_last AND a.id = p.account_id
    )
    SELECT count(*), min(id), max(id), (SELECT count(*) FROM gone), coalesce(sum(points), 0)
      INTO transfers, first_id, last_id, lots, points FROM placed;
END $$;

-- One chunk of the nightly sweep: the next p_limit accounts after p_after that have a lot past p_day. ``last_account`` is
-- where the next chunk begins; null = there was nothing more.
-- The key of the open lots is walked in its order: no chunk reads the table again.
CREATE FUNCTION points_expire(p_programme bigint, p_day date, p_now timestamptz, p_actor text, p_after bigint, p_limit int,
    OUT last_account bigint, OUT accounts bigint, OUT lots bigint, OUT points bigint
) LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashagg = off SET enable_bitmapscan = off AS $$
DECLARE
    v_accounts bigint[]; v_mine bigint[]; v_fact bigint; swept record;
BEGIN
    SELECT array_agg(d.account_id), max(d.account_id) INTO v_accounts, last_account
      FROM (SELECT DISTINCT l.account_id FROM points_openlot l
             WHERE l.account_id > p_after AND l.expires_on < p_day
             ORDER BY l.account_id LIMIT p_limit) d;
    SELECT array_agg(m.id) INTO v_mine
      FROM (SELECT a.id FROM points_account a WHERE a.id = ANY (v_accounts) AND a.programme_id = p_programme
             ORDER BY a.customer_id, a.unit COLLATE "C" FOR NO KEY UPDATE) m;
    accounts := coalesce(cardinality(v_mine), 0); lots := 0; points := 0;
    IF accounts = 0 THEN RETURN; END IF;
    v_fact := platform_next_fact();
    SELECT * INTO swept FROM points_expire_accounts(v_mine, p_day, p_now, v_fact);
    lots := swept.lots; points := swept.points;
    IF swept.transfers > 0 THEN
        PERFORM platform_record_fact(v_fact, 'points.batch_posted', jsonb_build_object('programme_id', p_programme,
            'first_transfer_id', swept.first_id, 'last_transfer_id', swept.last_id, 'transfers', swept.transfers), p_actor);
    END IF;
END $$;
"""
NONE = """
DROP FUNCTION points_expire(bigint, date, timestamptz, text, bigint, int);
DROP FUNCTION points_expire_accounts(bigint[], date, timestamptz, bigint);
DROP FUNCTION points_redeem(text, bigint, text, timestamptz, text[], text[], smallint[], bigint[], text[], bigint[],
    timestamptz[], date[], text[]);
DROP FUNCTION points_redeem_one(text, bigint, text, timestamptz, text, text, smallint, bigint, text, bigint, timestamptz,
    date, jsonb);
DROP FUNCTION points_spend_lots(bigint, text, bigint, date, bigint);
DROP FUNCTION points_take_from_lots(bigint, bigint[], bigint);
DROP FUNCTION points_took(points_transfer, text, bigint, bigint, text, bigint);
"""


class Migration(migrations.Migration):
    """Make the functions of spending and expiring."""

    dependencies = [("points", "0003_award")]
    operations = [migrations.RunSQL(SAME + TAKE + REDEEM + EXPIRE, NONE)]
