-- One row per answer the file changes: it comes in again under its old id.
DELETE FROM voice_answer a USING voice_incoming n WHERE n.answer_id = a.id AND n.step = 'changed'
