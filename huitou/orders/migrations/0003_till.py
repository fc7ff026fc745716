"""What the till needs: ids beside an import that takes thousands in a row, and which import wrote what."""

from django.db import migrations

IDS = """
-- The first of so many ids in a row. The till sells while an import is being written, so whoever takes ids holds a lock
-- for just that long: nobody takes one in between.
CREATE OR REPLACE FUNCTION orders_reserve_ids(amount bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE first bigint;
BEGIN
    PERFORM pg_advisory_lock(7341002);
    first := setval(pg_get_serial_sequence('orders_order', 'id'),
                    nextval(pg_get_serial_sequence('orders_order', 'id')) + amount - 1) - amount + 1;
    PERFORM pg_advisory_unlock(7341002);
    RETURN first;
END $$;
"""
OLD_IDS = """
CREATE OR REPLACE FUNCTION orders_reserve_ids(amount bigint) RETURNS bigint LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT setval(pg_get_serial_sequence('orders_order', 'id'),
                  nextval(pg_get_serial_sequence('orders_order', 'id')) + amount - 1) - amount + 1
$$;
"""
VIEW = """
-- One row per order: the import that wrote it last (0 = the till).
CREATE VIEW orders_v_import AS
SELECT id AS order_id, import_id, source, number, customer_id FROM orders_order;
"""


class Migration(migrations.Migration):
    """Make them."""

    dependencies = [("orders", "0002_views_and_guards")]
    operations = [
        migrations.RunSQL(IDS, "DROP FUNCTION orders_reserve_ids(bigint);" + OLD_IDS),
        migrations.RunSQL(VIEW, "DROP VIEW orders_v_import"),
    ]
