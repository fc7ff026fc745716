-- A row is a customer of whom anything is said about marketing: per channel their own newest statement, and with
-- "_all" the strictest of it and of the refusals of whoever shares the phone or e-mail; stop = not to be contacted.
-- The same rule as reach.sql asks of one channel, for everybody at once.
WITH newest AS (
    SELECT DISTINCT ON (customer_id, channel) customer_id, channel, state
      FROM customers_consent
     WHERE purpose = 'marketing' OR (channel = 'any' AND purpose = 'any')
     ORDER BY customer_id, channel, stated_at DESC, id DESC
), refusing AS (
    SELECT n.customer_id, n.channel, n.state, o.phone, o.email
      FROM newest n JOIN customers_customer o ON o.id = n.customer_id
     WHERE n.state IN ('refused', 'withdrawn') AND n.channel IN ('sms', 'phone', 'email')
), said AS (
    SELECT customer_id, channel, state, true AS is_own FROM newest
    UNION ALL
    SELECT c.id, r.channel, r.state, false
      FROM refusing r JOIN customers_customer c ON c.phone = r.phone
     WHERE r.channel IN ('sms', 'phone') AND c.phone <> '' AND NOT c.phone_is_masked AND c.id <> r.customer_id
    UNION ALL
    SELECT c.id, r.channel, r.state, false
      FROM refusing r JOIN customers_customer c ON c.email = r.email
     WHERE r.channel = 'email' AND c.email <> '' AND c.id <> r.customer_id
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
       coalesce(bool_or(channel = 'any' AND strictest = 'withdrawn'), false) AS stop
  FROM strict
 GROUP BY customer_id
