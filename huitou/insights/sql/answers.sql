-- A row is what one customer answered at one moment.
SELECT customer_id, answered_on, wave, satisfaction, recommendation, repurchase_probability,
       prefers_us, resists_offers, reason_to_stay, expectation, perception, touchpoint,
       benefit_product::bigint, benefit_service::bigint, benefit_staff::bigint,
       benefit_image::bigint, cost_money::bigint, cost_time::bigint, cost_effort::bigint,
       cost_psychological::bigint
  FROM voice_v_answer
