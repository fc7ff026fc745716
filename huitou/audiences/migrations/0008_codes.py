"""Layer and stage as small numbers, for the indexes of long lists."""

from django.db import migrations

# Sorting a million words costs twice what sorting a million small numbers does. The number is the
# place of the word in audiences.ladders; a word that is not there has -1 and is in no index's way.
COLUMNS = """
ALTER TABLE audiences_standing
    ADD COLUMN layer_code smallint NOT NULL DEFAULT -1,
    ADD COLUMN stage_code smallint NOT NULL DEFAULT -1;
UPDATE audiences_standing SET
    layer_code = coalesce(array_position(ARRAY['new', 'developing', 'active', 'cooling', 'high_win_back',
        'low_win_back', 'lost', 'no_purchase'], layer) - 1, -1),
    stage_code = coalesce(array_position(ARRAY['suspect', 'prospect', 'first_purchase', 'repeat_purchase',
        'advocate'], stage) - 1, -1);

CREATE OR REPLACE FUNCTION audiences_index_standings_part(slot integer, part integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF slot NOT IN (0, 1) THEN RAISE EXCEPTION 'there is no slot %', slot; END IF;
    IF part = 0 THEN
        EXECUTE format('CREATE INDEX standing_%1$s_value ON audiences_standing_%1$s (value_place)', slot);
        EXECUTE format('CREATE INDEX standing_%1$s_layer_value ON audiences_standing_%1$s
            (layer_code, value_place)', slot);
    ELSIF part = 1 THEN
        EXECUTE format('CREATE INDEX standing_%1$s_stage_value ON audiences_standing_%1$s
            (stage_code, value_place)', slot);
        EXECUTE format('CREATE INDEX standing_%1$s_risk ON audiences_standing_%1$s (risk_place)', slot);
    ELSE
        EXECUTE format('ANALYZE audiences_standing_%1$s', slot);
    END IF;
END $$;

SELECT audiences_index_standings(0);
SELECT audiences_index_standings(1);
"""


class Migration(migrations.Migration):
    """Add the numbers and index by them."""

    dependencies = [("audiences", "0007_saved_audiences")]
    operations = [migrations.RunSQL(COLUMNS, migrations.RunSQL.noop)]
