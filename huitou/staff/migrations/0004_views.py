"""What rooms above may read of the company and its keys."""

from django.db import migrations

VIEWS = """
-- The company: at most one row.
CREATE VIEW staff_v_company AS
SELECT zone FROM staff_company;

-- One row per API key in force.
CREATE VIEW staff_v_key AS
SELECT id AS key_id FROM staff_apikey WHERE revoked_at IS NULL;
"""
NO_VIEWS = "DROP VIEW staff_v_key; DROP VIEW staff_v_company;"


class Migration(migrations.Migration):
    """Make the views."""

    dependencies = [("staff", "0003_invitations")]
    operations = [migrations.RunSQL(VIEWS, NO_VIEWS)]
