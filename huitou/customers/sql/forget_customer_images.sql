-- One row per before-image of the import: they are in force again.
DELETE FROM customers_customerbeforeimage WHERE import_id = %(import_id)s
