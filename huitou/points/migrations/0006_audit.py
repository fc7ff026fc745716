"""Small functions of the audit."""

from django.db import migrations

FUNCTIONS = """
-- A weight of a row that nobody chose: two sums weighed so are equal only if every row is.
CREATE FUNCTION points_weight(id bigint) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT 1 + (hashint8(id) & 1048575)::bigint $$;

-- The place of a lot in the order of spending, as one number: soonest to expire first, then oldest.
CREATE FUNCTION points_order(expires_on date, lot_id bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT (least(expires_on, DATE '4000-01-01') - DATE '2000-01-01')::bigint * 8796093022208 + lot_id $$;

-- A fingerprint of all that a transfer says.
CREATE FUNCTION points_fingerprint(t points_transfer) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT hashint8extended(t.id, hashint8extended(t.debit, hashint8extended(t.credit, hashint8extended(t.points,
           hashint8extended(t.balance_after, hashint8extended(coalesce(t.payload_digest, 0), hashint8extended(t.fact_id,
           hashint8extended(coalesce(t.previous_id, 0), hashint8extended(coalesce(t.reverses, 0),
           hashint8extended(coalesce(t.rule_version, 0), interval_hash_extended(t.occurred_at - TIMESTAMPTZ '2000-01-01 00:00+00',
           hashtextextended(t.source, hashtextextended(t.external_id, hashtextextended(t.kind,
           jsonb_hash_extended(t.why, t.leg)))))))))))))))
$$;
"""
NO_FUNCTIONS = """
DROP FUNCTION points_fingerprint(points_transfer);
DROP FUNCTION points_order(date, bigint);
DROP FUNCTION points_weight(bigint);
"""

class Migration(migrations.Migration):
    """Make the functions."""

    dependencies = [("points", "0005_reverse"), ("platform", "0005_fact_view")]
    operations = [migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS)]
