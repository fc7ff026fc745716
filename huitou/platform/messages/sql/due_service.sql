-- One row per service message whose time has come, the oldest first: of the channel. Asked before every chunk of
-- offers, so it must not read the offers that wait.
SELECT id, customer_id, channel, purpose, address, not_after
  FROM platform_message
 WHERE state = 'queued' AND purpose = 'service' AND channel = %(channel)s AND not_before <= %(now)s
   AND (%(source)s = '' OR source = %(source)s)
 ORDER BY not_before, id
 LIMIT %(limit)s
