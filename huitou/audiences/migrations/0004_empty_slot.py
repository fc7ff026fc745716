"""Emptying the slot that is not in force: the application's role may not truncate."""

from django.db import migrations

# Refuses the slot in force, so that a mistake cannot empty the screens.
FUNCTIONS = """
CREATE FUNCTION audiences_empty_slot(slot integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF slot NOT IN (0, 1) THEN RAISE EXCEPTION 'there is no slot %', slot; END IF;
    IF EXISTS (SELECT FROM audiences_standingslot s WHERE s.slot = audiences_empty_slot.slot) THEN
        RAISE EXCEPTION 'slot % is in force', slot;
    END IF;
    PERFORM audiences_unindex_standings(slot);
    EXECUTE format('TRUNCATE audiences_standing_%1$s', slot);
END $$;
"""
UNDO = "DROP FUNCTION audiences_empty_slot(integer);"


class Migration(migrations.Migration):
    """Make the function."""

    dependencies = [("audiences", "0003_store_people")]
    operations = [migrations.RunSQL(FUNCTIONS, UNDO)]
