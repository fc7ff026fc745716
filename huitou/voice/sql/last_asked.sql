-- One row per customer who was ever asked or has answered: the last day of either, and whether it was this survey.
-- %(ids)s  the customers; %(survey)s  the survey's public id; %(zone)s  the company's, whose days are counted.
SELECT customer_id, max(last_on), bool_or(is_inside)
  FROM (SELECT i.customer_id, (i.asked_at AT TIME ZONE %(zone)s)::date AS last_on, s.public_id = %(survey)s AS is_inside
          FROM voice_invitation i
          JOIN voice_wave w ON w.id = i.wave_id
          JOIN voice_survey s ON s.id = w.survey_id
         WHERE i.customer_id = ANY (%(ids)s::bigint[]) AND i.asked_at IS NOT NULL
        UNION ALL
        SELECT a.customer_id, a.answered_on, coalesce(s.public_id = %(survey)s, false)
          FROM voice_answer a
          LEFT JOIN voice_survey s ON s.id = a.survey_id
         WHERE a.customer_id = ANY (%(ids)s::bigint[])) AS said
 GROUP BY customer_id
