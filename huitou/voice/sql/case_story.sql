-- A row is something that happened to one case: words, a step that began, an event; in order of time.
-- %(for_customer)s leaves out what staff say among themselves, and the steps.
SELECT at, what, code, person_id, text, channel, is_answer, outbox_id, round, due_at, facts::text
  FROM (SELECT m.at, 'message' AS what, m.author AS code, m.user_id AS person_id, m.text, m.channel,
               m.is_answer, m.outbox_id, 0::smallint AS round, NULL::timestamptz AS due_at, '{}'::jsonb AS facts,
               2 AS rank, m.id
          FROM voice_casemessage m
         WHERE m.case_id = %(case_id)s AND NOT (%(for_customer)s AND m.author = 'internal')
         UNION ALL
        SELECT s.begun_at, 'step', s.step, s.responsible_id, '', '', false, NULL, s.round, s.due_at, '{}', 3, s.id
          FROM voice_casestep s
         WHERE s.case_id = %(case_id)s AND NOT %(for_customer)s
         UNION ALL
        SELECT e.at, e.what, split_part(e.actor, ':', 1),
               CASE WHEN split_part(e.actor, ':', 1) = 'user' THEN split_part(e.actor, ':', 2)::bigint END,
               '', '', false, NULL, e.round, NULL, e.facts, 1, e.id
          FROM voice_caseevent e
         WHERE e.case_id = %(case_id)s) everything
 ORDER BY at, rank, id
