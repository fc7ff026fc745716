-- One row if somebody asks under %(token)s: the invitation or the place, its survey, and whether it can be answered at
-- %(now)s.
SELECT CASE WHEN i.state = 'answered' THEN 'answered'
            WHEN s.closed_at IS NOT NULL THEN 'closed'
            WHEN w.expires_at <= %(now)s THEN 'expired'
            ELSE 'open' END,
       s.id, s.name, s.greeting_zh, s.greeting_en, s.horizon_days, NULL::bigint, '', NULL::bigint, i.id, i.customer_id
  FROM voice_invitation i
  JOIN voice_wave w ON w.id = i.wave_id
  JOIN voice_survey s ON s.id = w.survey_id
 WHERE i.token = %(token)s
UNION ALL
SELECT CASE WHEN s.closed_at IS NOT NULL OR t.closed_at IS NOT NULL THEN 'closed' ELSE 'open' END,
       s.id, s.name, s.greeting_zh, s.greeting_en, s.horizon_days, t.id, t.name, t.store_id, NULL, NULL
  FROM voice_touchpoint t
  JOIN voice_survey s ON s.id = t.survey_id
 WHERE t.token = %(token)s
