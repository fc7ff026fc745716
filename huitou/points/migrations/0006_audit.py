"""Small functions of the audit."""

from django.db import migrations

FUNCTIONS = """
-- A weight of a row that nobody chose: two sums weighed so are equal only if every row is.
CREATE FUNCTION points_weight(id bigint) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT 1 + (hashint8(id) & 1048575)::bigint $$;

-- The place of a lot in the order of spending, as one number: soonest to expire first, then oldest.
CREATE FUNCTION points_order(expires_on date, lot_id bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT (least(expires_on, DATE '4000-01-01') - DATE '2000-01-01')::bigint * 8796093022208 + lot_id $$;
"""
NO_FUNCTIONS = """
DROP FUNCTION points_order(date, bigint);
DROP FUNCTION points_weight(bigint);
"""

PAIRS = """
-- A member moves points with few accounts: told so, the planner sums transfers on every core at once.
CREATE STATISTICS points_pairs (ndistinct) ON debit, credit FROM points_transfer;
"""
NO_PAIRS = "DROP STATISTICS points_pairs;"


class Migration(migrations.Migration):
    """Make the functions."""

    dependencies = [("points", "0005_reverse"), ("platform", "0005_fact_view")]
    operations = [migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS), migrations.RunSQL(PAIRS, NO_PAIRS)]
