-- One row per new or changed answer.
INSERT INTO voice_answer (id, customer_id, answered_at, answered_on, wave, satisfaction, recommendation, repurchase_probability, prefers_us, resists_offers, reason_to_stay, expectation, perception, touchpoint, comment, benefit_product, benefit_service, benefit_staff, benefit_image, cost_money, cost_time, cost_effort, cost_psychological, import_id)
SELECT coalesce(answer_id, nextval(pg_get_serial_sequence('voice_answer', 'id'))),
       customer_id, answered_at, answered_on, wave, satisfaction, recommendation, repurchase_probability, prefers_us, resists_offers, reason_to_stay, expectation, perception, touchpoint, comment, benefit_product, benefit_service, benefit_staff, benefit_image, cost_money, cost_time, cost_effort, cost_psychological, %(import_id)s
  FROM voice_incoming WHERE step <> 'unchanged'
