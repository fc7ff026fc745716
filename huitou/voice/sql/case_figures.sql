-- One row: how the cases received in a span fared, as known at %(now)s. Praise has no clock and is not judged.
-- judged: answered for the first time, or past the first due time; settled: complaints that are closed, or older
-- than the time to close; handled: closed with an answer and not reopened by the customer.
WITH told AS (
    SELECT c.*, EXISTS (SELECT FROM voice_caseevent e
                         WHERE e.case_id = c.id AND e.what = 'reopened' AND (e.facts->>'by_customer')::boolean) AS came_back
      FROM voice_case c
     WHERE c.received_at >= %(since)s AND c.received_at < %(until)s
       AND (%(stores)s::bigint[] IS NULL OR c.store_id = ANY (%(stores)s::bigint[]) OR c.store_id IS NULL)
)
SELECT count(*) AS received,
       count(*) FILTER (WHERE first_due_at IS NOT NULL
                          AND (first_answered_at IS NOT NULL OR first_due_at < %(now)s)) AS judged,
       count(*) FILTER (WHERE first_answered_at <= first_due_at) AS answered_in_time,
       count(*) FILTER (WHERE kind = 'complaint'
                          AND (closed_at IS NOT NULL OR received_at < %(settled_before)s)) AS settled,
       count(*) FILTER (WHERE kind = 'complaint' AND closed_at IS NOT NULL AND NOT came_back) AS handled,
       count(*) FILTER (WHERE closed_at IS NULL AND answered_at IS NULL) AS waiting,
       count(*) FILTER (WHERE closed_at IS NULL AND answered_at IS NULL AND due_at < %(now)s) AS overdue,
       count(*) FILTER (WHERE came_back) AS reopened,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM first_answered_at - received_at)::float8 / 60)
           FILTER (WHERE first_answered_at IS NOT NULL) AS median_answer_minutes
  FROM told
