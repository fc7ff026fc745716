-- One row per answer as it was before the import changed it.
INSERT INTO voice_answer
SELECT (jsonb_populate_record(NULL::voice_answer, image)).*
  FROM voice_answerbeforeimage WHERE import_id = %(import_id)s
