"""Saved audiences and their versions."""

import django.db.models.deletion
from django.db import migrations, models

GUARDS = """
-- What an audience once asked stays as it was saved: campaigns refer to it.
CREATE FUNCTION audiences_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE integrity_constraint_violation USING MESSAGE = TG_TABLE_NAME || ' is append-only';
END $$;
CREATE TRIGGER audiences_version_written BEFORE UPDATE OR DELETE ON audiences_audienceversion
    FOR EACH ROW EXECUTE FUNCTION audiences_version_stays();
"""
NO_GUARDS = """
DROP TRIGGER audiences_version_written ON audiences_audienceversion;
DROP FUNCTION audiences_version_stays();
"""


class Migration(migrations.Migration):
    """Make the tables and the guard."""

    dependencies = [("audiences", "0006_places")]
    operations = [
        migrations.CreateModel(
            name="Audience",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.TextField(unique=True)),
                ("name", models.TextField()),
                ("note", models.TextField(default="")),
                ("preset", models.TextField(default="")),
                ("version", models.IntegerField(default=1)),
                ("expression", models.JSONField()),
                ("created_by", models.TextField()),
                ("created_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                ("archived_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("archived_at", None)),
                        fields=("name",),
                        name="one_audience_per_name",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AudienceVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.IntegerField()),
                ("name", models.TextField()),
                ("expression", models.JSONField()),
                ("saved_by", models.TextField()),
                ("saved_at", models.DateTimeField()),
                (
                    "audience",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="audiences.audience"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("audience", "version"), name="one_audience_version")
                ],
            },
        ),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
