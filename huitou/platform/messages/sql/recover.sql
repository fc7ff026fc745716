-- One row per message whose sender died in the middle: service waits again while it has tries left, of the others
-- nobody knows whether they left.
UPDATE platform_message
   SET state = CASE WHEN purpose = 'service' AND attempts < %(most)s THEN 'queued' ELSE 'in_doubt' END,
       reason = CASE WHEN purpose = 'service' AND attempts < %(most)s THEN '' ELSE 'interrupted' END,
       ended_at = CASE WHEN purpose = 'service' AND attempts < %(most)s THEN NULL ELSE %(now)s::timestamptz END,
       sender = NULL
 WHERE state = 'sending' AND sender = %(sender)s
