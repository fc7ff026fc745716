-- Says of each answer of the file whether it is new, changed or unchanged.
UPDATE voice_incoming n
   SET answer_id = a.id,
       step = CASE
       WHEN a.id IS NULL THEN 'new'
       WHEN (a.satisfaction, a.recommendation, a.reason_to_stay, a.touchpoint, a.comment)
            IS NOT DISTINCT FROM (n.satisfaction, n.recommendation, n.reason_to_stay, n.touchpoint, n.comment)
        AND (a.repurchase_probability, a.prefers_us, a.resists_offers, a.expectation, a.perception)
            IS NOT DISTINCT FROM
            (n.repurchase_probability, n.prefers_us, n.resists_offers, n.expectation, n.perception)
        AND (a.benefit_product, a.benefit_service, a.benefit_staff, a.benefit_image,
             a.cost_money, a.cost_time, a.cost_effort, a.cost_psychological)
            IS NOT DISTINCT FROM
            (n.benefit_product, n.benefit_service, n.benefit_staff, n.benefit_image,
             n.cost_money, n.cost_time, n.cost_effort, n.cost_psychological) THEN 'unchanged'
       ELSE 'changed' END
  FROM voice_incoming i
  LEFT JOIN voice_answer a ON a.customer_id = i.customer_id AND a.answered_at = i.answered_at AND a.wave = i.wave
 WHERE i.ctid = n.ctid
