-- One row per person of the campaign who is to be sent to and is not yet in the outbox; held until the commit.
SELECT customer_id, coupon_code
  FROM campaigns_assignment
 WHERE campaign_id = %(campaign_id)s AND arm = 'treated' AND queued_at IS NULL
 ORDER BY customer_id
 LIMIT %(limit)s
   FOR UPDATE SKIP LOCKED
