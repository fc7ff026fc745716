"""Facts by name, but for the postings of tills."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Make the index anew."""

    dependencies = [("platform", "0008_service_first")]
    operations = [
        migrations.RemoveIndex(model_name="fact", name="fact_by_name"),
        migrations.AddIndex(
            model_name="fact",
            index=models.Index(
                condition=models.Q(("name", "points.posted"), _negated=True),
                fields=["name", "id"],
                name="fact_by_name",
            ),
        ),
    ]
