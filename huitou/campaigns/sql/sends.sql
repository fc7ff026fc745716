-- One row per state and reason of the messages of one source: how many, and of those that had left, from how many people
-- came a "no more" on the page or by the answer that belongs to such a message.
SELECT m.state, m.reason, count(*), count(DISTINCT m.customer_id) FILTER (WHERE u.message_id IS NOT NULL)
  FROM platform_v_message m
  LEFT JOIN (SELECT DISTINCT (payload ->> 'message_id')::bigint AS message_id
               FROM platform_v_fact WHERE name = 'messages.unsubscribed') u ON u.message_id = m.id
 WHERE m.source = %(source)s
 GROUP BY m.state, m.reason
