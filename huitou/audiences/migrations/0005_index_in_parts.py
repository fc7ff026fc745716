"""Two sessions index a slot side by side: one session builds its indexes one after the other."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION audiences_index_standings_part(slot integer, part integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF slot NOT IN (0, 1) THEN RAISE EXCEPTION 'there is no slot %', slot; END IF;
    IF part = 0 THEN
        EXECUTE format('CREATE INDEX standing_%1$s_value ON audiences_standing_%1$s
            (coalesce(value_at_risk, -1), customer_id)', slot);
        EXECUTE format('CREATE INDEX standing_%1$s_layer_value ON audiences_standing_%1$s
            (layer, coalesce(value_at_risk, -1), customer_id)', slot);
    ELSIF part = 1 THEN
        EXECUTE format('CREATE INDEX standing_%1$s_stage_value ON audiences_standing_%1$s
            (stage, coalesce(value_at_risk, -1), customer_id)', slot);
        EXECUTE format('CREATE INDEX standing_%1$s_risk ON audiences_standing_%1$s
            (coalesce(risk, -1), customer_id)', slot);
    ELSE
        EXECUTE format('ANALYZE audiences_standing_%1$s', slot);
    END IF;
END $$;

CREATE OR REPLACE FUNCTION audiences_index_standings(slot integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM audiences_unindex_standings(slot);
    PERFORM audiences_index_standings_part(slot, 0);
    PERFORM audiences_index_standings_part(slot, 1);
    PERFORM audiences_index_standings_part(slot, 2);
END $$;
"""
UNDO = "DROP FUNCTION audiences_index_standings_part(integer, integer);"


class Migration(migrations.Migration):
    """Make the functions."""

    dependencies = [("audiences", "0004_empty_slot")]
    operations = [migrations.RunSQL(FUNCTIONS, UNDO)]
