"""What rooms above may read of campaigns, and the guard of the draw."""

from django.db import migrations

VIEWS = """
-- One row per campaign that was drawn.
CREATE VIEW campaigns_v_campaign AS
SELECT id AS campaign_id, public_id, state, goal, channel, outcome, window_days, holdout_percent, looks_planned,
       is_adjusted, seed, was_too_small, drawn_at, queued_at, window_until
  FROM campaigns_campaign
 WHERE drawn_at IS NOT NULL;

-- One row per person of a drawn audience: in which arm, or why not.
CREATE VIEW campaigns_v_assignment AS
SELECT campaign_id, customer_id, unit_id, arm, reason, coupon_code, queued_at
  FROM campaigns_assignment;

-- One row per customer in the draw of a year for the global control group.
CREATE VIEW campaigns_v_global AS
SELECT g.year, g.customer_id, g.unit_id, g.is_held_out, g.entered_at, d.percent, d.drawn_at
  FROM campaigns_globalunit g
  JOIN campaigns_globaldraw d ON d.year = g.year;
"""
NO_VIEWS = """
DROP VIEW campaigns_v_global;
DROP VIEW campaigns_v_assignment;
DROP VIEW campaigns_v_campaign;
"""

GUARDS = """
-- An arm is drawn once: nobody moves to another afterwards, and nobody leaves the count.
CREATE FUNCTION campaigns_arm_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE integrity_constraint_violation USING MESSAGE = 'who was drawn stays in the count';
    END IF;
    IF (NEW.campaign_id, NEW.customer_id, NEW.unit_id, NEW.arm, NEW.reason)
       IS DISTINCT FROM (OLD.campaign_id, OLD.customer_id, OLD.unit_id, OLD.arm, OLD.reason) THEN
        RAISE integrity_constraint_violation USING MESSAGE = 'an arm is drawn once';
    END IF;
    IF OLD.queued_at IS NOT NULL AND NEW.queued_at IS DISTINCT FROM OLD.queued_at THEN
        RAISE integrity_constraint_violation USING MESSAGE = 'a message is queued once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER campaigns_assignment_kept BEFORE UPDATE OR DELETE ON campaigns_assignment
    FOR EACH ROW EXECUTE FUNCTION campaigns_arm_stays();

-- What was fixed before the draw is fixed for good.
CREATE FUNCTION campaigns_terms_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.salt, NEW.seed, NEW.holdout_percent, NEW.outcome, NEW.window_days, NEW.looks_planned,
        NEW.is_adjusted, NEW.expression, NEW.text, NEW.subject, NEW.channel, NEW.drawn_at)
       IS DISTINCT FROM (OLD.salt, OLD.seed, OLD.holdout_percent, OLD.outcome, OLD.window_days, OLD.looks_planned,
        OLD.is_adjusted, OLD.expression, OLD.text, OLD.subject, OLD.channel, OLD.drawn_at) THEN
        RAISE integrity_constraint_violation USING MESSAGE = 'a drawn campaign keeps its terms';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER campaigns_campaign_kept BEFORE UPDATE OR DELETE ON campaigns_campaign
    FOR EACH ROW WHEN (OLD.drawn_at IS NOT NULL) EXECUTE FUNCTION campaigns_terms_stay();

-- The global draw of a year is stable within the year.
CREATE FUNCTION campaigns_global_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE integrity_constraint_violation USING MESSAGE = 'the global control group of a year stays';
END $$;
CREATE TRIGGER campaigns_globalunit_kept BEFORE UPDATE OR DELETE ON campaigns_globalunit
    FOR EACH ROW EXECUTE FUNCTION campaigns_global_stays();
CREATE TRIGGER campaigns_globaldraw_kept BEFORE UPDATE OR DELETE ON campaigns_globaldraw
    FOR EACH ROW EXECUTE FUNCTION campaigns_global_stays();
"""
NO_GUARDS = """
DROP TRIGGER campaigns_globaldraw_kept ON campaigns_globaldraw;
DROP TRIGGER campaigns_globalunit_kept ON campaigns_globalunit;
DROP FUNCTION campaigns_global_stays();
DROP TRIGGER campaigns_campaign_kept ON campaigns_campaign;
DROP FUNCTION campaigns_terms_stay();
DROP TRIGGER campaigns_assignment_kept ON campaigns_assignment;
DROP FUNCTION campaigns_arm_stays();
"""


class Migration(migrations.Migration):
    """Make the views and the triggers."""

    dependencies = [("campaigns", "0001_initial")]
    operations = [
        migrations.RunSQL(VIEWS, NO_VIEWS),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
