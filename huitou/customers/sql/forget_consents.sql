-- One row per statement the import brought.
DELETE FROM customers_consent WHERE import_id = %(import_id)s
