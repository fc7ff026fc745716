"""Stores of a customer, and the indexes that let long lists of standings be read in pages."""

from django.db import migrations, models

# A slot is filled by COPY without its secondary indexes and indexed once, which is several times cheaper than
# keeping them up row by row. The application's role may not make indexes, so these run with the owner's rights.
FUNCTIONS = """
CREATE FUNCTION audiences_unindex_standings(slot integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF slot NOT IN (0, 1) THEN RAISE EXCEPTION 'there is no slot %', slot; END IF;
    EXECUTE format('DROP INDEX IF EXISTS standing_%1$s_value, standing_%1$s_layer_value,
        standing_%1$s_stage_value, standing_%1$s_risk', slot);
END $$;

CREATE FUNCTION audiences_index_standings(slot integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM audiences_unindex_standings(slot);
    EXECUTE format('CREATE INDEX standing_%1$s_value ON audiences_standing_%1$s
        (coalesce(value_at_risk, -1), customer_id)', slot);
    EXECUTE format('CREATE INDEX standing_%1$s_layer_value ON audiences_standing_%1$s
        (layer, coalesce(value_at_risk, -1), customer_id)', slot);
    EXECUTE format('CREATE INDEX standing_%1$s_stage_value ON audiences_standing_%1$s
        (stage, coalesce(value_at_risk, -1), customer_id)', slot);
    EXECUTE format('CREATE INDEX standing_%1$s_risk ON audiences_standing_%1$s
        (coalesce(risk, -1), customer_id)', slot);
    EXECUTE format('ANALYZE audiences_standing_%1$s', slot);
END $$;

SELECT audiences_index_standings(0);
SELECT audiences_index_standings(1);
"""
UNDO = """
DROP FUNCTION audiences_index_standings(integer);
DROP FUNCTION audiences_unindex_standings(integer);
"""


class Migration(migrations.Migration):
    """Make the table of stores and the indexes."""

    dependencies = [("audiences", "0002_standing_slots")]
    operations = [
        migrations.CreateModel(
            name="StorePerson",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "customer_id",
                        "store_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("customer_id", models.BigIntegerField()),
                ("store_id", models.BigIntegerField()),
                ("last_ordered_on", models.DateField()),
            ],
        ),
        migrations.RunSQL(FUNCTIONS, UNDO),
    ]
