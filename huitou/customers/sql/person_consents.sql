-- A row is a customer who ever made a statement on marketing: the newest one of each channel.
SELECT customer_id,
       max(state) FILTER (WHERE channel = 'sms')    AS sms,
       max(state) FILTER (WHERE channel = 'email')  AS email,
       max(state) FILTER (WHERE channel = 'wechat') AS wechat,
       max(state) FILTER (WHERE channel = 'phone')  AS phone,
       max(state) FILTER (WHERE channel = 'post')   AS post,
       max(state) FILTER (WHERE channel = 'app')    AS app
  FROM (SELECT DISTINCT ON (customer_id, channel) customer_id, channel, state
          FROM customers_consent
         WHERE purpose = 'marketing'
         ORDER BY customer_id, channel, stated_at DESC, id DESC) newest
 GROUP BY customer_id
