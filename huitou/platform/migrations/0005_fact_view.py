"""Facts for the rooms above."""

from django.db import migrations

VIEW = """
-- One row per fact, in the order they were numbered.
CREATE VIEW platform_v_fact AS SELECT id AS fact_id, name, payload, recorded_at FROM platform_fact;
"""


class Migration(migrations.Migration):
    """Make the view."""

    dependencies = [("platform", "0004_kept_answers")]
    operations = [migrations.RunSQL(VIEW, "DROP VIEW platform_v_fact")]
