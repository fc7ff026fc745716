-- One row per person the wave looked at.
INSERT INTO voice_invitation (wave_id, customer_id, state, reason, token, asked_at)
SELECT %(wave_id)s, customer_id,
       CASE WHEN coalesce(reason, '') = '' THEN 'asked' ELSE 'not_asked' END, coalesce(reason, ''),
       nullif(token, ''), CASE WHEN coalesce(reason, '') = '' THEN %(now)s::timestamptz END
  FROM voice_inviting
