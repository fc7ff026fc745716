-- One row: coupons that went out with the messages of a campaign, those of them used by now, and what they took off.
SELECT count(*), count(*) FILTER (WHERE c.state = 'redeemed'),
       coalesce(sum(c.discount_minor) FILTER (WHERE c.state = 'redeemed'), 0)
  FROM campaigns_assignment a
  JOIN campaigns_campaign m ON m.id = a.campaign_id
  JOIN programmes_v_coupon c ON c.customer_id = a.customer_id AND c.batch_public_id = m.coupon_batch
                            AND c.issued_at = a.queued_at
 WHERE a.campaign_id = %(campaign_id)s AND a.coupon_code <> ''
