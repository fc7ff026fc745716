-- One row per later import that changed answers of this one, with how many.
SELECT b.import_id, count(*)
  FROM voice_answerbeforeimage b
 WHERE b.import_id > %(import_id)s
   AND ((b.image->>'import_id')::bigint = %(import_id)s
        OR b.answer_id IN (SELECT answer_id FROM voice_answerbeforeimage WHERE import_id = %(import_id)s))
 GROUP BY b.import_id
 ORDER BY b.import_id
