-- One row per person of a drawn campaign in the order of their ids: in which arm, or why not.
SELECT a.customer_id, c.code, c.name, a.arm, a.reason, a.coupon_code, a.queued_at
  FROM campaigns_assignment a
  LEFT JOIN customers_v_customer c ON c.id = a.customer_id
 WHERE a.campaign_id = %(campaign_id)s
   AND a.customer_id > %(after)s
   AND (%(arm)s = '' OR a.arm = %(arm)s)
   AND (%(reason)s = '' OR a.reason = %(reason)s)
 ORDER BY a.customer_id
 LIMIT %(limit)s
