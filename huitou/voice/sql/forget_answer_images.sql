-- One row per before-image of the import: they are in force again.
DELETE FROM voice_answerbeforeimage WHERE import_id = %(import_id)s
