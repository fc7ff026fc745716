"""Guards of the ledger, what rooms above may read, and how accounts are opened and locked."""

from django.db import migrations, models

GUARDS = """
CREATE TRIGGER points_transfer_stays BEFORE UPDATE OR DELETE ON points_transfer
    FOR EACH STATEMENT EXECUTE FUNCTION platform_never_changes();
CREATE TRIGGER points_draw_stays BEFORE UPDATE OR DELETE ON points_draw
    FOR EACH STATEMENT EXECUTE FUNCTION platform_never_changes();
CREATE TRIGGER points_clawback_stays BEFORE UPDATE OR DELETE ON points_clawback
    FOR EACH STATEMENT EXECUTE FUNCTION platform_never_changes();
CREATE TRIGGER points_seal_stays BEFORE UPDATE OR DELETE ON points_seal
    FOR EACH STATEMENT EXECUTE FUNCTION platform_never_changes();

-- Balances change with every posting: with room in the page no index hears of it.
ALTER TABLE points_account SET (fillfactor = 50);
ALTER TABLE points_openlot SET (fillfactor = 80);
-- Totals of a span of time read the pages of that time, not all.
CREATE INDEX transfer_by_time ON points_transfer USING brin (occurred_at) WITH (autosummarize = on);
"""
NO_GUARDS = """
DROP INDEX transfer_by_time;
ALTER TABLE points_openlot RESET (fillfactor);
ALTER TABLE points_account RESET (fillfactor);
DROP TRIGGER points_seal_stays ON points_seal;
DROP TRIGGER points_clawback_stays ON points_clawback;
DROP TRIGGER points_draw_stays ON points_draw;
DROP TRIGGER points_transfer_stays ON points_transfer;
"""

ADDS_UP = """
-- What is true of every account: a member's owes what its balance is below zero, and holds no more than it has; a system
-- account has a name and stores nothing.
CREATE FUNCTION points_account_adds_up(customer_id bigint, kind text, name text, balance bigint, owed bigint, held bigint)
RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN CASE WHEN customer_id IS NULL THEN kind = 'system' AND name <> '' AND balance = 0 AND owed = 0 AND held = 0
                ELSE kind = 'member' AND name = '' AND owed = greatest(0, -balance) AND held BETWEEN 0 AND greatest(0, balance)
           END;
END $$;
"""
NO_ADDS_UP = "DROP FUNCTION points_account_adds_up(bigint, text, text, bigint, bigint, bigint);"

VIEWS = """
-- One row per member and unit: what they have.
CREATE VIEW points_v_account AS
SELECT id AS account_id, programme_id, unit, customer_id, balance, owed, held
  FROM points_account WHERE kind = 'member';

-- One row per transfer, seen by its member: points are signed.
CREATE VIEW points_v_transfer AS
SELECT t.id AS transfer_id, m.programme_id, m.unit, m.customer_id, t.kind,
       CASE WHEN t.credit = m.id THEN t.points ELSE -t.points END AS points,
       t.balance_after, t.occurred_at, t.recorded_at, t.source, t.external_id, t.leg, t.reverses, t.rule_version, t.fact_id
  FROM points_transfer t
  JOIN points_account m ON m.kind = 'member' AND m.id IN (t.debit, t.credit);
"""
NO_VIEWS = "DROP VIEW points_v_transfer; DROP VIEW points_v_account;"

ACCOUNTS = """
-- Make the accounts that are missing: the members', and the system accounts of their units.
CREATE FUNCTION points_open_accounts(p_programme bigint, p_unit text[], p_customer bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO points_account (programme_id, unit, kind, name)
    SELECT p_programme, u.unit, 'system', s.name
      FROM (SELECT DISTINCT unit FROM unnest(p_unit) AS u (unit)) u
     CROSS JOIN unnest(ARRAY['debt', 'expired', 'issued', 'redeemed', 'transferred']) AS s (name)
     WHERE NOT EXISTS (SELECT FROM points_account a
                        WHERE a.programme_id = p_programme AND a.unit = u.unit AND a.name = s.name AND a.customer_id IS NULL)
     ORDER BY u.unit, s.name
        ON CONFLICT DO NOTHING;
    INSERT INTO points_account (programme_id, unit, kind, customer_id)
    SELECT p_programme, w.unit, 'member', w.customer_id
      FROM (SELECT DISTINCT unit, customer_id FROM unnest(p_unit, p_customer) AS w (unit, customer_id)) w
     WHERE NOT EXISTS (SELECT FROM points_account a
                        WHERE a.customer_id = w.customer_id AND a.programme_id = p_programme AND a.unit = w.unit)
     ORDER BY w.customer_id, w.unit
        ON CONFLICT DO NOTHING;
END $$;

-- Open the accounts of those who will be given points, then lock all that many requests will touch, in one order for
-- everybody, that of (customer, unit): nobody waits in a circle. They are named so, or by the key of what is reversed.
CREATE FUNCTION points_lock(p_programme bigint, p_open_unit text[], p_open_customer bigint[],
                            p_unit text[], p_customer bigint[],
                            p_of_source text[], p_of_external text[], p_of_leg smallint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM points_open_accounts(p_programme, p_open_unit, p_open_customer);
    PERFORM FROM points_account m
      WHERE m.id IN (
            SELECT a.id FROM unnest(p_unit, p_customer) AS w (unit, customer_id)
              JOIN points_account a ON a.customer_id = w.customer_id AND a.programme_id = p_programme AND a.unit = w.unit
             UNION
            SELECT a.id FROM unnest(p_of_source, p_of_external, p_of_leg) AS o (source, external_id, leg)
              JOIN points_transfer t ON t.source = o.source AND t.external_id = o.external_id AND t.leg = o.leg
              JOIN points_account a ON a.id IN (t.debit, t.credit) AND a.kind = 'member')
      ORDER BY m.customer_id, m.unit COLLATE "C" FOR NO KEY UPDATE;
END $$;
"""
NO_ACCOUNTS = """
DROP FUNCTION points_lock(bigint, text[], bigint[], text[], bigint[], text[], text[], smallint[]);
DROP FUNCTION points_open_accounts(bigint, text[], bigint[]);
"""


class Migration(migrations.Migration):
    """Triggers, views, the accounts' functions."""

    dependencies = [("points", "0001_initial"), ("platform", "0004_kept_answers")]
    operations = [
        # Set with last_transfer_id in one UPDATE, so that its RETURNING knows the transfer before.
        migrations.AddField("account", "last_but_one_id", models.BigIntegerField(null=True)),
        migrations.AlterField("transfer", "effective_on", models.DateField()),
        migrations.RunSQL(GUARDS, NO_GUARDS),
        migrations.RunSQL(ADDS_UP, NO_ADDS_UP),
        migrations.AddConstraint(
            "account",
            models.CheckConstraint(
                name="account_adds_up",
                condition=models.Func(
                    *("customer_id", "kind", "name", "balance", "owed", "held"),
                    function="points_account_adds_up",
                    output_field=models.BooleanField(),
                ),
            ),
        ),
        migrations.RunSQL(VIEWS, NO_VIEWS),
        migrations.RunSQL(ACCOUNTS, NO_ACCOUNTS),
    ]
