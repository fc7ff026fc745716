"""What rooms above may read of the people we serve."""

from django.db import migrations

VIEWS = """
-- One row per customer.
CREATE VIEW customers_v_customer AS
SELECT id, code, name, name_folded, name_pinyin, name_initials, kind, phone, phone_reversed, phone_is_masked,
       email, birth_date, birth_calendar, home_store_id, acquired_from, tags, created_at, import_id
  FROM customers_customer;

-- One row per name by which a source knows a customer.
CREATE VIEW customers_v_identity AS
SELECT source, value, customer_id FROM customers_identity;
"""
NO_VIEWS = "DROP VIEW customers_v_identity; DROP VIEW customers_v_customer;"

STOCK = """
-- After writing much at once: what the planner believes of a table it saw empty would make it try every pair of rows.
-- Three thousand rows of each table are looked at; the application's role may not do it itself.
CREATE FUNCTION customers_take_stock() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET default_statistics_target = 10 AS $$
BEGIN
    ANALYZE customers_customer;
    ANALYZE customers_identity;
    ANALYZE customers_consent;
END $$;
"""
NO_STOCK = "DROP FUNCTION customers_take_stock();"


class Migration(migrations.Migration):
    """Make the views."""

    dependencies = [("customers", "0001_initial")]
    operations = [migrations.RunSQL(VIEWS, NO_VIEWS), migrations.RunSQL(STOCK, NO_STOCK)]
