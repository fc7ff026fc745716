"""What rooms above may read of what customers said."""

from django.db import migrations

VIEWS = """
-- One row per customer and moment: what was answered; null or '' = not asked or not answered.
CREATE VIEW voice_v_answer AS
SELECT id AS answer_id, customer_id, answered_at, answered_on, wave, satisfaction, recommendation,
       repurchase_probability, prefers_us, resists_offers, reason_to_stay, expectation, perception, touchpoint,
       comment, benefit_product, benefit_service, benefit_staff, benefit_image, cost_money, cost_time,
       cost_effort, cost_psychological
  FROM voice_answer;
"""
NO_VIEWS = "DROP VIEW voice_v_answer;"


class Migration(migrations.Migration):
    """Make the view."""

    dependencies = [("voice", "0001_initial")]
    operations = [migrations.RunSQL(VIEWS, NO_VIEWS)]
