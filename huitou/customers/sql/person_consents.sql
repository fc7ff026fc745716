-- A row is a customer of whom anything is said about marketing: per channel their own newest statement, and with
-- "_all" the strictest of it and of the refusals of whoever shares the phone or e-mail; stop = not to be contacted,
-- and with "_phone" or "_email" what they or whoever shares that said of it.
-- The same rule as reach.sql asks of one channel, for everybody at once.
WITH newest AS (
    SELECT DISTINCT ON (customer_id, channel) customer_id, channel, state
      FROM customers_consent
     WHERE purpose = 'marketing' OR (channel = 'any' AND purpose = 'any')
     ORDER BY customer_id, channel, stated_at DESC, id DESC
), refusing AS (
    SELECT n.customer_id, n.channel, n.state, o.phone, o.email
      FROM newest n JOIN customers_customer o ON o.id = n.customer_id
     WHERE n.state IN ('refused', 'withdrawn') AND n.channel IN ('sms', 'phone', 'email', 'any')
), said AS (
    SELECT customer_id, channel, state, true AS is_own FROM newest
    UNION ALL
    SELECT c.id, CASE r.channel WHEN 'any' THEN 'any_phone' ELSE r.channel END, r.state, false
      FROM refusing r JOIN customers_customer c ON c.phone = r.phone
     WHERE r.channel IN ('sms', 'phone', 'any') AND c.phone <> '' AND NOT c.phone_is_masked AND c.id <> r.customer_id
    UNION ALL
    SELECT c.id, CASE r.channel WHEN 'any' THEN 'any_email' ELSE r.channel END, r.state, false
      FROM refusing r JOIN customers_customer c ON c.email = r.email
     WHERE r.channel IN ('email', 'any') AND c.email <> '' AND c.id <> r.customer_id
), strict AS (
    SELECT customer_id, channel,
           max(state) FILTER (WHERE is_own) AS own,
           CASE WHEN bool_or(state = 'withdrawn') THEN 'withdrawn'
                WHEN bool_or(state = 'refused')   THEN 'refused'
                ELSE max(state) END AS strictest
      FROM said
     GROUP BY customer_id, channel
)
SELECT customer_id,
       max(own) FILTER (WHERE channel = 'sms')          AS sms,
       max(own) FILTER (WHERE channel = 'email')        AS email,
       max(own) FILTER (WHERE channel = 'wechat')       AS wechat,
       max(own) FILTER (WHERE channel = 'phone')        AS phone,
       max(own) FILTER (WHERE channel = 'post')         AS post,
       max(own) FILTER (WHERE channel = 'app')          AS app,
       max(strictest) FILTER (WHERE channel = 'sms')    AS sms_all,
       max(strictest) FILTER (WHERE channel = 'email')  AS email_all,
       max(strictest) FILTER (WHERE channel = 'wechat') AS wechat_all,
       max(strictest) FILTER (WHERE channel = 'phone')  AS phone_all,
       coalesce(bool_or(channel = 'any' AND strictest = 'withdrawn'), false)                AS stop,
       coalesce(bool_or(channel IN ('any', 'any_phone') AND strictest = 'withdrawn'), false) AS stop_phone,
       coalesce(bool_or(channel IN ('any', 'any_email') AND strictest = 'withdrawn'), false) AS stop_email
  FROM strict
 GROUP BY customer_id
