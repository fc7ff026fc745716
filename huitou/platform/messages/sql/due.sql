-- One row per message whose time has come, the oldest first: of the channel, and of the purposes of this lane.
SELECT id, customer_id, channel, purpose, address, not_after
  FROM platform_message
 WHERE state = 'queued' AND channel = %(channel)s AND not_before <= %(now)s AND purpose = ANY (%(purposes)s)
   AND (%(source)s = '' OR source = %(source)s)
 ORDER BY not_before, id
 LIMIT %(limit)s
