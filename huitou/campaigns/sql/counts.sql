-- One row per campaign, arm and reason: people, units, and how many of them are in the outbox.
SELECT campaign_id, arm, reason, count(*), count(DISTINCT unit_id), count(queued_at)
  FROM campaigns_assignment
 WHERE campaign_id = ANY (%(campaign_ids)s)
 GROUP BY campaign_id, arm, reason
