-- A row is one person of the audience, as drawn; written once, before anything leaves.
INSERT INTO campaigns_assignment (campaign_id, customer_id, unit_id, arm, reason, coupon_code)
SELECT %(campaign_id)s, customer_id, unit_id, arm, reason, ''
  FROM unnest(%(customer_ids)s::bigint[], %(unit_ids)s::bigint[], %(arms)s::text[], %(reasons)s::text[])
       AS drawn (customer_id, unit_id, arm, reason)
