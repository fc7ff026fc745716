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

STOCK = """
-- After writing much at once: what the planner believes of a table it saw empty would make it try every pair of rows.
-- Three thousand rows of each table are looked at; the application's role may not do it itself.
CREATE FUNCTION voice_take_stock() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET default_statistics_target = 10 AS $$
BEGIN
    ANALYZE voice_answer;
END $$;
"""
NO_STOCK = "DROP FUNCTION voice_take_stock();"


class Migration(migrations.Migration):
    """Make the view."""

    dependencies = [("voice", "0001_initial")]
    operations = [migrations.RunSQL(VIEWS, NO_VIEWS), migrations.RunSQL(STOCK, NO_STOCK)]
