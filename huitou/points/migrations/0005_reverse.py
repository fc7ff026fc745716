"""What undoes: claw-backs of awards, give-backs of redemptions."""

from django.db import migrations

CLAW_BACK = """
-- Take back awards: one row per request, in order: accepted, repeated, conflict, missing, or beyond (``available`` is what is
-- left of the award). First from the award's own lot, then from the others, soonest to expire first; what expired of the
-- award is gone already; the rest is owed, or waived where the policy stays within the balance.
CREATE FUNCTION points_claw_back(
    p_programme bigint, p_actor text, p_now timestamptz,
    p_source text[], p_external text[], p_leg smallint[],
    p_of_source text[], p_of_external text[], p_of_leg smallint[], p_points bigint[],
    p_occurred timestamptz[], p_day date[], p_policy text[], p_why text[],
    OUT n bigint, OUT state text, OUT transfers bigint[], OUT balance bigint, OUT available bigint
) RETURNS SETOF record LANGUAGE plpgsql AS $$
DECLARE
    v_award points_transfer; v_account points_account; v_known points_clawback; v_digest bigint; v_fact bigint;
    v_asked bigint; v_forgiven bigint; v_gone bigint; v_expired bigint; v_taken bigint; v_left bigint; v_owed bigint;
    v_first bigint; v_id bigint; v_lots bigint[]; v_takes bigint[]; v_rest bigint; v_take bigint; v_count bigint;
    v_issued bigint; v_debt bigint; swept record; lot record;
BEGIN
    FOR i IN 1 .. cardinality(p_source) LOOP
        n := i; transfers := '{}'; balance := NULL; available := NULL;
        SELECT * INTO v_award FROM points_transfer t
         WHERE t.source = p_of_source[i] AND t.external_id = p_of_external[i] AND t.leg = p_of_leg[i] AND t.kind = 'award';
        SELECT * INTO v_account FROM points_account a
         WHERE a.id = v_award.credit AND a.programme_id = p_programme FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            state := 'missing';
            RETURN NEXT;
            CONTINUE;
        END IF;
        v_digest := hash_record_extended(ROW('claw_back'::text, v_award.id, p_points[i], p_policy[i]), 0);
        SELECT * INTO v_known FROM points_clawback c
         WHERE c.source = p_source[i] AND c.external_id = p_external[i] AND c.leg = p_leg[i];
        IF FOUND THEN
            state := CASE WHEN v_known.payload_digest = v_digest THEN 'repeated' ELSE 'conflict' END;
            balance := v_known.balance_after;
            transfers := ARRAY(SELECT t.id FROM points_transfer t
                                WHERE t.source = p_source[i] AND t.external_id = p_external[i]
                                  AND t.leg IN (p_leg[i], -p_leg[i]) ORDER BY t.id);
            RETURN NEXT;
            CONTINUE;
        END IF;
        PERFORM FROM points_transfer t
          WHERE t.source = p_source[i] AND t.external_id = p_external[i] AND t.leg = p_leg[i];
        IF FOUND THEN
            state := 'conflict';
            RETURN NEXT;
            CONTINUE;
        END IF;
        SELECT coalesce(sum(c.asked), 0), coalesce(sum(c.expired), 0) INTO v_asked, v_forgiven
          FROM points_clawback c WHERE c.award_id = v_award.id;
        IF v_asked + p_points[i] > v_award.points THEN
            state := 'beyond'; available := v_award.points - v_asked;
            RETURN NEXT;
            CONTINUE;
        END IF;

        -- What is past expires now, as the sweep would have done: nothing past is taken, nothing is owed beside a lot.
        v_fact := platform_next_fact();
        SELECT * INTO swept FROM points_expire_accounts(ARRAY[v_account.id], p_day[i], p_now, v_fact);
        v_count := swept.transfers; v_first := swept.first_id; v_id := swept.last_id;
        IF v_count > 0 THEN
            SELECT * INTO v_account FROM points_account a WHERE a.id = v_account.id;
        END IF;

        SELECT coalesce(sum(d.points), 0) INTO v_gone
          FROM points_draw d WHERE d.lot_id = v_award.id AND d.kind = 'expire';
        v_expired := least(p_points[i], greatest(0, v_gone - v_forgiven));
        v_left := p_points[i] - v_expired;
        v_lots := '{}'; v_takes := '{}'; v_rest := 0;
        FOR lot IN SELECT l.transfer_id, l.remaining FROM points_openlot l WHERE l.account_id = v_account.id AND v_left > 0
                    ORDER BY l.transfer_id <> v_award.id, l.expires_on, l.transfer_id LOOP
            v_take := least(lot.remaining, v_left);
            v_lots := v_lots || lot.transfer_id;
            v_takes := v_takes || v_take;
            v_left := v_left - v_take;
            v_rest := lot.remaining - v_take;
            EXIT WHEN v_left = 0;
        END LOOP;
        v_taken := p_points[i] - v_expired - v_left;
        v_owed := CASE WHEN p_policy[i] = 'within_balance' THEN 0 ELSE v_left END;
        SELECT max(s.id) FILTER (WHERE s.name = 'issued'), max(s.id) FILTER (WHERE s.name = 'debt') INTO v_issued, v_debt
          FROM points_account s
         WHERE s.programme_id = p_programme AND s.unit = v_account.unit AND s.customer_id IS NULL;
        balance := v_account.balance;
        IF v_taken > 0 THEN
            v_id := nextval('points_transfer_id_seq');
            v_first := coalesce(v_first, v_id); v_count := v_count + 1; balance := balance - v_taken;
            INSERT INTO points_transfer (id, fact_id, previous_id, debit, credit, points, balance_after,
                reverses, occurred_at, recorded_at, effective_on, leg, kind, source, external_id, why)
            VALUES (v_id, v_fact, v_account.last_transfer_id, v_account.id, v_issued, v_taken, balance,
                v_award.id, p_occurred[i], p_now, p_day[i], p_leg[i], 'reverse', p_source[i], p_external[i], p_why[i]::jsonb);
            INSERT INTO points_draw (transfer_id, lot_id, points, kind)
            SELECT v_id, d.lot_id, d.points, 'claw_back' FROM unnest(v_lots, v_takes) AS d (lot_id, points);
            PERFORM points_take_from_lots(v_account.id, v_lots, v_rest);
            v_account.last_but_one_id := v_account.last_transfer_id; v_account.last_transfer_id := v_id;
            transfers := transfers || v_id;
        END IF;
        IF v_owed > 0 THEN
            v_id := nextval('points_transfer_id_seq');
            v_first := coalesce(v_first, v_id); v_count := v_count + 1; balance := balance - v_owed;
            INSERT INTO points_transfer (id, fact_id, previous_id, debit, credit, points, balance_after,
                reverses, occurred_at, recorded_at, effective_on, leg, kind, source, external_id, why)
            VALUES (v_id, v_fact, v_account.last_transfer_id, v_account.id, v_debt, v_owed, balance,
                v_award.id, p_occurred[i], p_now, p_day[i], -p_leg[i], 'reverse', p_source[i], p_external[i], p_why[i]::jsonb);
            v_account.last_but_one_id := v_account.last_transfer_id; v_account.last_transfer_id := v_id;
            transfers := transfers || v_id;
        END IF;
        INSERT INTO points_clawback (award_id, asked, taken, owed, expired, waived, balance_after, payload_digest,
            occurred_at, leg, source, external_id)
        VALUES (v_award.id, p_points[i], v_taken, v_owed, v_expired, v_left - v_owed, balance, v_digest,
            p_occurred[i], p_leg[i], p_source[i], p_external[i]);
        IF cardinality(transfers) > 0 THEN
            UPDATE points_account a
               SET balance = points_claw_back.balance, owed = greatest(0, -points_claw_back.balance),
                   version = a.version + cardinality(points_claw_back.transfers),
                   last_but_one_id = v_account.last_but_one_id, last_transfer_id = v_account.last_transfer_id
             WHERE a.id = v_account.id;
        END IF;
        IF v_count > 0 THEN
            PERFORM platform_record_fact(v_fact, 'points.posted', jsonb_build_object(
                'programme_id', p_programme, 'customer_id', v_account.customer_id,
                'first_transfer_id', v_first, 'last_transfer_id', v_id, 'transfers', v_count), p_actor);
        END IF;
        state := 'accepted';
        RETURN NEXT;
    END LOOP;
END $$;
"""

GIVE_BACK = """
-- Return redemptions: one row per request, in order: accepted, repeated, conflict, missing, or beyond. The lots that paid get
-- their points again, the last to expire first, so that what stays spent is what a smaller redemption would have drawn.
CREATE FUNCTION points_give_back(
    p_programme bigint, p_actor text, p_now timestamptz,
    p_source text[], p_external text[], p_leg smallint[],
    p_of_source text[], p_of_external text[], p_of_leg smallint[], p_points bigint[],
    p_occurred timestamptz[], p_day date[], p_grace date[], p_why text[],
    OUT n bigint, OUT state text, OUT transfers bigint[], OUT balance bigint, OUT available bigint
) RETURNS SETOF record LANGUAGE plpgsql AS $$
DECLARE
    v_spent points_transfer; v_account points_account; v_digest bigint; v_fact bigint; v_id bigint;
    v_given bigint; v_skip bigint; v_left bigint; v_piece bigint; v_owed bigint; v_repaid bigint; v_grace bigint; piece record;
BEGIN
    FOR i IN 1 .. cardinality(p_source) LOOP
        n := i; transfers := NULL; balance := NULL; available := NULL;
        SELECT * INTO v_spent FROM points_transfer t
         WHERE t.source = p_of_source[i] AND t.external_id = p_of_external[i] AND t.leg = p_of_leg[i] AND t.kind = 'redeem';
        SELECT * INTO v_account FROM points_account a
         WHERE a.id = v_spent.debit AND a.programme_id = p_programme FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            state := 'missing';
            RETURN NEXT;
            CONTINUE;
        END IF;
        v_digest := hash_record_extended(ROW('give_back'::text, v_spent.id, p_points[i], p_grace[i]), 0);
        SELECT CASE WHEN t.payload_digest = v_digest THEN 'repeated' ELSE 'conflict' END, ARRAY[t.id], t.balance_after
          INTO state, transfers, balance
          FROM points_transfer t
         WHERE t.source = p_source[i] AND t.external_id = p_external[i] AND t.leg = p_leg[i];
        IF FOUND THEN
            RETURN NEXT;
            CONTINUE;
        END IF;
        SELECT coalesce(sum(t.points), 0) INTO v_given FROM points_transfer t WHERE t.reverses = v_spent.id;
        IF v_given + p_points[i] > v_spent.points THEN
            state := 'beyond'; available := v_spent.points - v_given;
            RETURN NEXT;
            CONTINUE;
        END IF;

        v_id := nextval('points_transfer_id_seq');
        v_fact := platform_next_fact();
        PERFORM platform_record_fact(v_fact, 'points.posted', jsonb_build_object(
            'programme_id', p_programme, 'customer_id', v_account.customer_id,
            'first_transfer_id', v_id, 'last_transfer_id', v_id, 'transfers', 1), p_actor);
        v_skip := v_given; v_left := p_points[i]; v_owed := v_account.owed; v_grace := 0;
        FOR piece IN SELECT d.lot_id, d.points, t.expires_on, t.effective_on
                       FROM points_draw d JOIN points_transfer t ON t.id = d.lot_id
                      WHERE d.transfer_id = v_spent.id AND d.kind = 'redeem'
                      ORDER BY t.expires_on DESC, d.lot_id DESC LOOP
            v_piece := least(greatest(0, piece.points - v_skip), v_left);
            v_skip := greatest(0, v_skip - piece.points);
            v_left := v_left - v_piece;
            CONTINUE WHEN v_piece = 0;
            IF piece.expires_on < p_day[i] AND p_grace[i] IS NOT NULL THEN
                v_grace := v_grace + v_piece;
                CONTINUE;
            END IF;
            INSERT INTO points_draw (transfer_id, lot_id, points, kind) VALUES (v_id, piece.lot_id, v_piece, 'give_back');
            v_repaid := least(v_owed, v_piece);
            v_owed := v_owed - v_repaid;
            IF v_repaid > 0 THEN
                INSERT INTO points_draw (transfer_id, lot_id, points, kind) VALUES (v_id, piece.lot_id, v_repaid, 'repay');
            END IF;
            IF v_piece > v_repaid THEN
                INSERT INTO points_openlot AS l (account_id, transfer_id, remaining, expires_on, effective_on)
                VALUES (v_account.id, piece.lot_id, v_piece - v_repaid, piece.expires_on, piece.effective_on)
                    ON CONFLICT (account_id, expires_on, transfer_id) DO UPDATE
                   SET remaining = l.remaining + EXCLUDED.remaining;
            END IF;
            EXIT WHEN v_left = 0;
        END LOOP;
        IF v_grace > 0 THEN
            v_repaid := least(v_owed, v_grace);
            IF v_repaid > 0 THEN
                INSERT INTO points_draw (transfer_id, lot_id, points, kind) VALUES (v_id, v_id, v_repaid, 'repay');
            END IF;
            IF v_grace > v_repaid THEN
                INSERT INTO points_openlot (account_id, transfer_id, remaining, expires_on, effective_on)
                VALUES (v_account.id, v_id, v_grace - v_repaid, p_grace[i], p_day[i]);
            END IF;
        END IF;
        balance := v_account.balance + p_points[i];
        INSERT INTO points_transfer (id, fact_id, previous_id, debit, credit, points, balance_after, payload_digest, reverses,
            occurred_at, recorded_at, effective_on, expires_on, leg, kind, source, external_id, why)
        VALUES (v_id, v_fact, v_account.last_transfer_id, v_spent.credit, v_account.id, p_points[i], balance, v_digest,
            v_spent.id, p_occurred[i], p_now, p_day[i], CASE WHEN v_grace > 0 THEN p_grace[i] END,
            p_leg[i], 'reverse', p_source[i], p_external[i], p_why[i]::jsonb);
        UPDATE points_account a
           SET balance = points_give_back.balance, owed = greatest(0, -points_give_back.balance), version = a.version + 1,
               last_but_one_id = a.last_transfer_id, last_transfer_id = v_id
         WHERE a.id = v_account.id;
        state := 'accepted'; transfers := ARRAY[v_id];
        RETURN NEXT;
    END LOOP;
END $$;
"""
NONE = """
DROP FUNCTION points_give_back(bigint, text, timestamptz, text[], text[], smallint[], text[], text[], smallint[], bigint[],
    timestamptz[], date[], date[], text[]);
DROP FUNCTION points_claw_back(bigint, text, timestamptz, text[], text[], smallint[], text[], text[], smallint[], bigint[],
    timestamptz[], date[], text[], text[]);
"""


class Migration(migrations.Migration):
    """Make the functions of reversals."""

    dependencies = [("points", "0004_spend")]
    operations = [migrations.RunSQL(CLAW_BACK + GIVE_BACK, NONE)]
