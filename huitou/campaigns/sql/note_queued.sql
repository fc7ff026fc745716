-- A row is one person whose message went into the outbox, with the coupon it carries.
UPDATE campaigns_assignment a
   SET queued_at = %(now)s, coupon_code = q.coupon_code
  FROM unnest(%(customer_ids)s::bigint[], %(codes)s::text[]) AS q (customer_id, coupon_code)
 WHERE a.campaign_id = %(campaign_id)s AND a.customer_id = q.customer_id
