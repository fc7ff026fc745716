-- One row: people drawn in the campaign, and those of them drawn in another whose window meets its own.
SELECT count(*), count(*) FILTER (WHERE EXISTS (
           SELECT FROM campaigns_assignment b JOIN campaigns_campaign o ON o.id = b.campaign_id
            WHERE b.customer_id = a.customer_id AND b.campaign_id <> a.campaign_id AND b.arm <> 'not_reached'
              AND o.drawn_at::date <= coalesce(c.window_until, 'infinity'::date)
              AND coalesce(o.window_until, 'infinity'::date) >= c.drawn_at::date))
  FROM campaigns_assignment a JOIN campaigns_campaign c ON c.id = a.campaign_id
 WHERE a.campaign_id = %(campaign_id)s AND a.arm <> 'not_reached'
