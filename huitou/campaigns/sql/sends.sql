-- One row per state and reason of the messages of one source: how many, and of those that had left, from how many people
-- came a "no more" on the page or by the answer that belongs to such a message, and how many called it spam.
SELECT m.state, m.reason, count(*),
       count(DISTINCT m.customer_id) FILTER (WHERE u.message_id IS NOT NULL),
       count(DISTINCT m.customer_id) FILTER (WHERE u.is_complaint)
  FROM platform_v_message m
  LEFT JOIN (SELECT (payload ->> 'message_id')::bigint AS message_id,
                    bool_or(name = 'messages.complained') AS is_complaint
               FROM platform_v_fact
              WHERE name IN ('messages.unsubscribed', 'messages.complained')
              GROUP BY 1) u ON u.message_id = m.id
 WHERE m.source = %(source)s
 GROUP BY m.state, m.reason
