"""The standings, partitioned by slot: one slot in force, one being written."""

from django.db import migrations

TABLE = """
CREATE TABLE audiences_standing (
    slot smallint NOT NULL,
    customer_id bigint NOT NULL,
    layer text NOT NULL,
    stage text NOT NULL,
    health text NOT NULL,
    dormancy_days integer,
    purchases integer NOT NULL,
    net_minor bigint NOT NULL,
    net_360_minor bigint NOT NULL,
    rfm text NOT NULL,
    p_repeat double precision,
    band text NOT NULL,
    p_alive double precision,
    risk double precision,
    risk_days integer,
    expected_purchases double precision,
    expected_spend double precision,
    lifetime_value double precision,
    margin_365 double precision,
    value_at_risk double precision,
    loyalty_index double precision,
    loyalty_level text NOT NULL,
    grid_cell text NOT NULL,
    mark text NOT NULL,
    PRIMARY KEY (slot, customer_id)
) PARTITION BY LIST (slot);
CREATE TABLE audiences_standing_0 PARTITION OF audiences_standing FOR VALUES IN (0);
CREATE TABLE audiences_standing_1 PARTITION OF audiences_standing FOR VALUES IN (1);
"""
UNDO = "DROP TABLE audiences_standing;"


class Migration(migrations.Migration):
    """Make the partitioned table."""

    dependencies = [("audiences", "0001_initial")]
    operations = [migrations.RunSQL(TABLE, UNDO)]
