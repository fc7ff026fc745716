"""Whether a customer could be contacted when the year was drawn: later consent is an effect itself."""

from django.db import migrations, models

VIEW = """
-- One row per customer in the draw of a year for the global control group.
CREATE OR REPLACE VIEW campaigns_v_global AS
SELECT g.year, g.customer_id, g.unit_id, g.is_held_out, g.entered_at, d.percent, d.drawn_at, g.is_contactable
  FROM campaigns_globalunit g
  JOIN campaigns_globaldraw d ON d.year = g.year;
"""
NO_VIEW = """
DROP VIEW campaigns_v_global;
CREATE VIEW campaigns_v_global AS
SELECT g.year, g.customer_id, g.unit_id, g.is_held_out, g.entered_at, d.percent, d.drawn_at
  FROM campaigns_globalunit g
  JOIN campaigns_globaldraw d ON d.year = g.year;
"""


class Migration(migrations.Migration):
    """Add the column and show it."""

    dependencies = [("campaigns", "0002_views_and_guards")]
    operations = [
        migrations.AddField(
            model_name="globalunit",
            name="is_contactable",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.RunSQL(VIEW, NO_VIEW),
    ]
