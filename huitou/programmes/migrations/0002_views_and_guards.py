"""What rooms above may read, and what must never be false."""

from django.db import migrations

VIEWS = """
-- One row per customer who ever joined; a former member has left_on.
CREATE VIEW programmes_v_member AS
SELECT customer_id, left_at IS NULL AS is_member, CASE WHEN left_at IS NULL THEN tier ELSE '' END AS tier,
       joined_on, left_on, CASE WHEN left_at IS NULL THEN qualifying_points END AS qualifying_points
  FROM programmes_membership;

-- One row per coupon: whose it is, of which batch, and the order it was used for.
CREATE VIEW programmes_v_coupon AS
SELECT c.id AS coupon_id, b.public_id AS batch_public_id, b.source AS batch_source, c.customer_id, c.state, c.ends_on,
       c.issued_at, c.redeemed_at, c.order_source, c.order_number, c.redeemed_by_id, c.discount_minor
  FROM programmes_coupon c JOIN programmes_couponbatch b ON b.id = c.batch_id;
"""
NO_VIEWS = "DROP VIEW programmes_v_coupon; DROP VIEW programmes_v_member;"

GUARDS = """
-- Rules, changes of tier and compensations are written once and stay.
CREATE FUNCTION programmes_row_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE check_violation USING MESSAGE = 'rows of ' || TG_TABLE_NAME || ' are never changed';
END $$;
CREATE TRIGGER programmes_rules_stay BEFORE UPDATE OR DELETE ON programmes_ruleversion
    FOR EACH ROW EXECUTE FUNCTION programmes_row_stays();
CREATE TRIGGER programmes_tier_changes_stay BEFORE UPDATE OR DELETE ON programmes_tierchange
    FOR EACH ROW EXECUTE FUNCTION programmes_row_stays();
CREATE TRIGGER programmes_compensations_stay BEFORE UPDATE OR DELETE ON programmes_compensation
    FOR EACH ROW EXECUTE FUNCTION programmes_row_stays();

-- A coupon is used from issued alone, and comes back only from being used; its code and batch stay.
CREATE FUNCTION programmes_coupon_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.code <> OLD.code OR NEW.batch_id <> OLD.batch_id THEN
        RAISE check_violation USING MESSAGE = 'the code and the batch of a coupon stay';
    END IF;
    IF NEW.state <> OLD.state AND NOT (OLD.state = 'issued' OR (OLD.state = 'redeemed' AND NEW.state = 'issued')) THEN
        RAISE check_violation USING MESSAGE = 'a coupon cannot go from ' || OLD.state || ' to ' || NEW.state;
    END IF;
    IF NEW.state = 'redeemed' AND OLD.state = 'redeemed'
       AND (NEW.order_source, NEW.order_number) <> (OLD.order_source, OLD.order_number) THEN
        RAISE check_violation USING MESSAGE = 'a coupon is used once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER programmes_coupon_moved BEFORE UPDATE ON programmes_coupon
    FOR EACH ROW EXECUTE FUNCTION programmes_coupon_moves();
"""
NO_GUARDS = """
DROP TRIGGER programmes_coupon_moved ON programmes_coupon;
DROP FUNCTION programmes_coupon_moves();
DROP TRIGGER programmes_compensations_stay ON programmes_compensation;
DROP TRIGGER programmes_tier_changes_stay ON programmes_tierchange;
DROP TRIGGER programmes_rules_stay ON programmes_ruleversion;
DROP FUNCTION programmes_row_stays();
"""


class Migration(migrations.Migration):
    """Make the views and the triggers."""

    dependencies = [("programmes", "0001_initial")]
    operations = [
        migrations.RunSQL(VIEWS, NO_VIEWS),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
