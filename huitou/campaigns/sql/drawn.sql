-- One row: people drawn in the campaign, those of them drawn in another whose window meets its own, and those since
-- erased of the sent group and of the control group.
SELECT count(*),
       count(*) FILTER (WHERE EXISTS (
           SELECT FROM campaigns_assignment b JOIN campaigns_campaign o ON o.id = b.campaign_id
            WHERE b.customer_id = a.customer_id AND b.campaign_id <> a.campaign_id AND b.arm <> 'not_reached'
              AND o.drawn_at::date <= coalesce(c.window_until, 'infinity'::date)
              AND coalesce(o.window_until, 'infinity'::date) >= c.drawn_at::date)),
       count(*) FILTER (WHERE k.id IS NULL AND a.arm = 'treated'),
       count(*) FILTER (WHERE k.id IS NULL AND a.arm = 'held_out')
  FROM campaigns_assignment a
  JOIN campaigns_campaign c ON c.id = a.campaign_id
  LEFT JOIN customers_v_customer k ON k.id = a.customer_id
 WHERE a.campaign_id = %(campaign_id)s AND a.arm <> 'not_reached'
