"""Dead addresses for who asks about a few by their digest."""

from django.db import migrations

VIEW = """
-- One row per address nobody is reached at, by the digest kept of it.
CREATE VIEW platform_v_dead_digest AS SELECT channel, digest FROM platform_deadaddress;
"""


class Migration(migrations.Migration):
    """Make the view."""

    dependencies = [("platform", "0006_returned_mail")]
    operations = [migrations.RunSQL(VIEW, "DROP VIEW platform_v_dead_digest")]
