"""Which rules are in force, for rooms and flows above."""

from django.db import migrations

VIEW = """
-- One row per version of the rules of the programme: it is in force from valid_from until the next one is; of two that
-- begin on one day, the one with the higher version.
CREATE VIEW programmes_v_rules AS
SELECT p.id AS programme_id, v.id AS version_id, v.version, v.valid_from, v.created_at
  FROM programmes_programme p CROSS JOIN programmes_ruleversion v;
"""
NO_VIEW = "DROP VIEW programmes_v_rules;"


class Migration(migrations.Migration):
    """Make the view."""

    dependencies = [("programmes", "0003_payment")]
    operations = [migrations.RunSQL(VIEW, NO_VIEW)]
