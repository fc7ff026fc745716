-- One row per before-image of the import: they are in force again.
DELETE FROM orders_orderbeforeimage WHERE import_id = %(import_id)s
