-- One row per pair of campaigns that share people: the share of the smaller one's people who are in both.
WITH sizes AS (
    SELECT campaign_id, count(*) AS people FROM campaigns_assignment
     WHERE campaign_id = ANY (%(campaign_ids)s) AND arm <> 'not_reached' GROUP BY campaign_id
), pairs AS (
    SELECT a.campaign_id AS one, b.campaign_id AS other, count(*) AS people
      FROM campaigns_assignment a
      JOIN campaigns_assignment b ON b.customer_id = a.customer_id AND b.campaign_id > a.campaign_id
     WHERE a.campaign_id = ANY (%(campaign_ids)s) AND b.campaign_id = ANY (%(campaign_ids)s)
       AND a.arm <> 'not_reached' AND b.arm <> 'not_reached'
     GROUP BY 1, 2
)
SELECT p.one, p.other, p.people::float8 / least(s.people, t.people)
  FROM pairs p JOIN sizes s ON s.campaign_id = p.one JOIN sizes t ON t.campaign_id = p.other
