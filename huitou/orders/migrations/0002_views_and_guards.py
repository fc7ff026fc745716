"""What rooms above may read, and the guards of order lines."""

from django.db import migrations

VIEWS = """
-- One row per order: what is left of it after returns.
CREATE VIEW orders_v_net AS
SELECT id AS order_id, source, number, customer_id, store_id, channel, status, ordered_at, ordered_on,
       total_minor, returned_minor, total_minor - returned_minor AS net_minor, unmatched_minor,
       cost_minor, costed_minor, tax_minor, delivery_minor, discount_minor, main_category, is_counted
  FROM orders_order;

-- One row per row of an order as it came; a return row has a negative amount or quantity.
CREATE VIEW orders_v_line AS
SELECT l.order_id, l.position, l.product_id, p.sku, coalesce(nullif(l.description, ''), p.name, '') AS description,
       coalesce(p.category, '') AS category, l.quantity, l.unit_price, l.amount_minor, l.unit_cost,
       l.discount_minor, l.tax_minor, l.delivery_minor, l.refund_of, l.is_returned
  FROM orders_orderline l
  LEFT JOIN orders_product p ON p.id = l.product_id;

-- One row per writing of a civil month, in commit order.
CREATE VIEW orders_v_month_change AS
SELECT id AS change_id, month_on, import_id, at FROM orders_monthchange;
"""
NO_VIEWS = """
DROP VIEW orders_v_month_change;
DROP VIEW orders_v_line;
DROP VIEW orders_v_net;
"""

ROOM = """
-- Returns change the sums of orders long after they were written: with room in the page no index hears of it.
ALTER TABLE orders_order SET (fillfactor = 75);
"""
NO_ROOM = "ALTER TABLE orders_order RESET (fillfactor);"

STOCK = """
-- After writing much at once: what the planner believes of a table it saw empty would make it try every pair of rows.
-- Three thousand rows of each table are looked at; the application's role may not do it itself.
CREATE FUNCTION orders_take_stock() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET default_statistics_target = 10 AS $$
BEGIN
    ANALYZE orders_order;
    ANALYZE orders_orderline (order_id, position, product_id, quantity, amount_minor, is_returned, refund_of);
    ANALYZE orders_returnmatch;
    ANALYZE orders_product;
END $$;

-- The first of so many ids in a row. Called under the lock of the writers of orders: nobody takes one in between.
CREATE FUNCTION orders_reserve_ids(amount bigint) RETURNS bigint LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT setval(pg_get_serial_sequence('orders_order', 'id'),
                  nextval(pg_get_serial_sequence('orders_order', 'id')) + amount - 1) - amount + 1
$$;
"""
NO_STOCK = "DROP FUNCTION orders_reserve_ids(bigint); DROP FUNCTION orders_take_stock();"

GUARDS = """
-- An import joins millions of rows to their orders and products itself and says so for its transaction; whoever else
-- writes a line is checked.
CREATE FUNCTION orders_line_has_its_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM orders_order WHERE id = NEW.order_id) THEN
        RAISE foreign_key_violation USING MESSAGE = 'an order line names no order';
    END IF;
    IF NEW.product_id IS NOT NULL AND NOT EXISTS (SELECT FROM orders_product WHERE id = NEW.product_id) THEN
        RAISE foreign_key_violation USING MESSAGE = 'an order line names no product';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER orders_line_written AFTER INSERT OR UPDATE ON orders_orderline FOR EACH ROW
    WHEN (current_setting('huitou.writer', true) IS DISTINCT FROM 'orders')
    EXECUTE FUNCTION orders_line_has_its_order();

CREATE FUNCTION orders_order_leaves_no_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM gone g JOIN orders_orderline l ON l.order_id = g.id) THEN
        RAISE foreign_key_violation USING MESSAGE = 'an order that goes leaves lines behind';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER orders_order_deleted AFTER DELETE ON orders_order
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION orders_order_leaves_no_line();

CREATE FUNCTION orders_product_leaves_no_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM orders_orderline l JOIN gone g ON g.id = l.product_id) THEN
        RAISE foreign_key_violation USING MESSAGE = 'a product that goes leaves lines behind';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER orders_product_deleted AFTER DELETE ON orders_product
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION orders_product_leaves_no_line();
"""
NO_GUARDS = """
DROP TRIGGER orders_product_deleted ON orders_product;
DROP TRIGGER orders_order_deleted ON orders_order;
DROP TRIGGER orders_line_written ON orders_orderline;
DROP FUNCTION orders_product_leaves_no_line();
DROP FUNCTION orders_order_leaves_no_line();
DROP FUNCTION orders_line_has_its_order();
"""


class Migration(migrations.Migration):
    """Make the views and the triggers."""

    dependencies = [("orders", "0001_initial")]
    operations = [
        migrations.RunSQL(VIEWS, NO_VIEWS),
        migrations.RunSQL(ROOM, NO_ROOM),
        migrations.RunSQL(STOCK, NO_STOCK),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
