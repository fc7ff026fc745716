"""The place of a customer in the two orders that long lists are read in, as whole numbers."""

from django.db import migrations

# An index of whole numbers is built in a fifth of the time of one of values and words, and a page
# is read off it just as fast. The places are given with the standings, before they are copied.
COLUMNS = """
ALTER TABLE audiences_standing
    ADD COLUMN value_place integer NOT NULL DEFAULT 0,
    ADD COLUMN risk_place integer NOT NULL DEFAULT 0;
UPDATE audiences_standing s SET value_place = p.by_value, risk_place = p.by_risk
FROM (SELECT slot, customer_id,
             row_number() OVER (PARTITION BY slot ORDER BY coalesce(value_at_risk, -1), customer_id) - 1 AS by_value,
             row_number() OVER (PARTITION BY slot ORDER BY coalesce(risk, -1), customer_id) - 1 AS by_risk
      FROM audiences_standing) p
WHERE p.slot = s.slot AND p.customer_id = s.customer_id;

CREATE OR REPLACE FUNCTION audiences_index_standings_part(slot integer, part integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF slot NOT IN (0, 1) THEN RAISE EXCEPTION 'there is no slot %', slot; END IF;
    IF part = 0 THEN
        EXECUTE format('CREATE INDEX standing_%1$s_value ON audiences_standing_%1$s
            (value_place, customer_id)', slot);
        EXECUTE format('CREATE INDEX standing_%1$s_layer_value ON audiences_standing_%1$s
            (layer, value_place, customer_id)', slot);
    ELSIF part = 1 THEN
        EXECUTE format('CREATE INDEX standing_%1$s_stage_value ON audiences_standing_%1$s
            (stage, value_place, customer_id)', slot);
        EXECUTE format('CREATE INDEX standing_%1$s_risk ON audiences_standing_%1$s
            (risk_place, customer_id)', slot);
    ELSE
        EXECUTE format('ANALYZE audiences_standing_%1$s', slot);
    END IF;
END $$;

SELECT audiences_index_standings(0);
SELECT audiences_index_standings(1);
"""


class Migration(migrations.Migration):
    """Add the places and index by them."""

    dependencies = [("audiences", "0005_index_in_parts")]
    operations = [migrations.RunSQL(COLUMNS, migrations.RunSQL.noop)]
