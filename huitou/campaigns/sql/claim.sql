-- One row per person of the campaign who is to be sent to and is not yet in the outbox; held until the commit. A campaign
-- that was stopped has none any more, and whoever stops it waits for the batch that is on its way.
SELECT a.customer_id, a.coupon_code
  FROM campaigns_assignment a
  JOIN campaigns_campaign c ON c.id = a.campaign_id
 WHERE a.campaign_id = %(campaign_id)s AND a.arm = 'treated' AND a.queued_at IS NULL AND c.state = 'sending'
 ORDER BY a.customer_id
 LIMIT %(limit)s
   FOR SHARE OF c
   FOR UPDATE OF a SKIP LOCKED
