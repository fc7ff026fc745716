-- One row per answer as it was before an import, of this customer: a rollback makes it nobody's, without its words.
UPDATE voice_answerbeforeimage
   SET image = image || '{"customer_id": null, "comment": "", "reason_to_stay": "", "order_id": null}'
 WHERE image ->> 'customer_id' = %(customer_id)s::text
