-- One row per answer about to be changed, as it is now.
INSERT INTO voice_answerbeforeimage (import_id, answer_id, image)
SELECT %(import_id)s, a.id, to_jsonb(a)
  FROM voice_answer a JOIN voice_incoming n ON n.answer_id = a.id
 WHERE n.step = 'changed'
