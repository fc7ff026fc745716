-- One row per finished campaign of a kind that has an effect, the earliest first: the effect with its error, and the
-- later ones it shares people with, each with the share of the smaller one's people in both. None for fewer than
-- %(needed)s: they are not pooled, and their people need not be compared.
WITH kind AS (
    SELECT c.campaign_id,
           (p.facts #>> '{primary,value}')::float8 AS value,
           (p.facts #>> '{primary,se}')::float8 AS se
      FROM campaigns_v_campaign c JOIN insights_proof p ON p.campaign_id = c.campaign_id AND p.kind = 'final'
     WHERE c.state = 'finished' AND c.goal = %(goal)s AND c.outcome = %(outcome)s AND c.window_days = %(window_days)s
       AND (p.facts #>> '{primary,se}')::float8 > 0
), many AS (
    SELECT * FROM kind WHERE (SELECT count(*) FROM kind) >= %(needed)s
), drawn AS (
    SELECT a.campaign_id, a.customer_id
      FROM campaigns_v_assignment a JOIN many ON many.campaign_id = a.campaign_id
     WHERE a.arm <> 'not_reached'
), sizes AS (
    SELECT campaign_id, count(*) AS people FROM drawn GROUP BY campaign_id
), pairs AS (
    SELECT a.campaign_id AS one, b.campaign_id AS other, count(*) AS people
      FROM drawn a JOIN drawn b ON b.customer_id = a.customer_id AND b.campaign_id > a.campaign_id
     GROUP BY 1, 2
), parts AS (
    SELECT one, other, p.people::float8 / least(s.people, t.people) AS part
      FROM pairs p JOIN sizes s ON s.campaign_id = one JOIN sizes t ON t.campaign_id = other
)
SELECT m.campaign_id, m.value, m.se,
       coalesce(array_agg(parts.other ORDER BY parts.other) FILTER (WHERE parts.other IS NOT NULL), '{}'),
       coalesce(array_agg(parts.part ORDER BY parts.other) FILTER (WHERE parts.other IS NOT NULL), '{}')
  FROM many m LEFT JOIN parts ON parts.one = m.campaign_id
 GROUP BY m.campaign_id, m.value, m.se
 ORDER BY m.campaign_id
