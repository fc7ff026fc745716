-- One row per answer the import brought or changed.
DELETE FROM voice_answer WHERE import_id = %(import_id)s
