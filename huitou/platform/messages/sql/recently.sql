-- One row per customer asked about who got messages of the purpose from %(since)s on, with how many; those that wait
-- to be sent count too if %(with_waiting)s.
SELECT customer_id, count(*)
  FROM platform_message
 WHERE customer_id = ANY (%(ids)s)
   AND purpose = %(purpose)s
   AND ((state IN ('sending', 'sent', 'in_doubt') AND began_at >= %(since)s)
        OR (%(with_waiting)s AND state = 'queued'))
 GROUP BY customer_id
