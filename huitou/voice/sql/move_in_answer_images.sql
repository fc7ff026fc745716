-- One row per answer as it was before an import, of the first customer: a rollback brings it back to the second. All of
-- them, or those of %(only)s.
UPDATE voice_answerbeforeimage
   SET image = jsonb_set(image, '{customer_id}', to_jsonb(%(to)s::bigint))
 WHERE image ->> 'customer_id' = %(customer_id)s::text
   AND (%(only)s::bigint[] IS NULL OR id = ANY (%(only)s))
RETURNING id
