-- One row per place, question and answer: how often it was given. Not answered is no answer and has no row.
SELECT a.asked_through_id, q.question, q.answer, count(*)
  FROM voice_answer a
 CROSS JOIN LATERAL (VALUES ('satisfaction', a.satisfaction), ('recommendation', a.recommendation),
       ('intention', coalesce(round(a.repurchase_probability * 10)::text, ''))) AS q (question, answer)
 WHERE a.survey_id = %(survey_id)s AND q.answer <> ''
 GROUP BY a.asked_through_id, q.question, q.answer
 ORDER BY a.asked_through_id NULLS FIRST, q.question, q.answer
