-- A row is a customer of whom anything is said about marketing, or one of whose addresses needs a look: per channel
-- their own newest statement; with "_all" the strictest of it and of the refusals of whoever shares the best address;
-- with "_has" whether there is an address (unknown = the first one says), with "_dead" whether messages came back from
-- the best one; stop = not to be contacted, with a channel what whoever shares the best address said of it too.
-- The best address is the first, then those added later, passing over what came back and what somebody sharing it
-- refused; if all are like that, the first. The same rule as reach.sql asks of one channel.
WITH newest AS (
    SELECT DISTINCT ON (customer_id, channel) customer_id, channel, state
      FROM customers_consent
     WHERE purpose = 'marketing' OR (channel = 'any' AND purpose = 'any')
     ORDER BY customer_id, channel, stated_at DESC, id DESC
), dead AS MATERIALIZED (
    SELECT channel, address FROM platform_v_dead_address WHERE channel IN ('sms', 'phone', 'email')
), saying_no AS MATERIALIZED (
    SELECT customer_id, channel, state FROM newest WHERE state = 'withdrawn' OR (state = 'refused' AND channel <> 'any')
), refusing AS MATERIALIZED (
    SELECT n.customer_id, n.channel, n.state, 'phone' AS kind, o.phone AS value
      FROM saying_no n JOIN customers_customer o ON o.id = n.customer_id
     WHERE n.channel IN ('sms', 'phone', 'any') AND o.phone <> '' AND NOT o.phone_is_masked
    UNION ALL
    SELECT n.customer_id, n.channel, n.state, 'email', o.email
      FROM saying_no n JOIN customers_customer o ON o.id = n.customer_id
     WHERE n.channel IN ('email', 'any') AND o.email <> ''
    UNION ALL
    SELECT n.customer_id, n.channel, n.state, a.kind, a.value
      FROM saying_no n JOIN customers_address a ON a.customer_id = n.customer_id
     WHERE n.channel = 'any' OR (a.kind = 'phone' AND n.channel IN ('sms', 'phone'))
        OR (a.kind = 'email' AND n.channel = 'email')
), further AS MATERIALIZED (
    SELECT customer_id, kind, value, id FROM customers_address
), marked AS MATERIALIZED (
    SELECT kind, value FROM refusing
    UNION
    SELECT CASE channel WHEN 'email' THEN 'email' ELSE 'phone' END, address FROM dead
), candidate AS (
    SELECT c.id AS customer_id, 'phone' AS kind, c.phone AS value, 0::bigint AS rank
      FROM customers_customer c
     WHERE c.phone <> '' AND NOT c.phone_is_masked
       AND (c.phone IN (SELECT value FROM marked WHERE kind = 'phone')
            OR c.id IN (SELECT customer_id FROM further WHERE kind = 'phone'))
    UNION ALL
    SELECT c.id, 'email', c.email, 0
      FROM customers_customer c
     WHERE c.email <> ''
       AND (c.email IN (SELECT value FROM marked WHERE kind = 'email')
            OR c.id IN (SELECT customer_id FROM further WHERE kind = 'email'))
    UNION ALL
    SELECT customer_id, kind, value, id FROM further
), judged AS (
    SELECT k.customer_id, w.channel, k.rank,
           bool_or(d.address IS NOT NULL)                                AS is_dead,
           coalesce(bool_or(r.channel <> 'any' AND r.state = 'withdrawn'), false) AS is_withdrawn,
           coalesce(bool_or(r.channel <> 'any' AND r.state = 'refused'), false)   AS is_refused,
           coalesce(bool_or(r.channel = 'any'), false)                            AS is_stopped
      FROM candidate k
      JOIN (VALUES ('phone', 'sms'), ('phone', 'phone'), ('email', 'email')) AS w(kind, channel) ON w.kind = k.kind
      LEFT JOIN dead d ON d.channel = w.channel AND d.address = lower(k.value)
      LEFT JOIN refusing r ON r.kind = k.kind AND r.value = k.value AND r.channel IN (w.channel, 'any')
                          AND r.customer_id <> k.customer_id
     GROUP BY k.customer_id, w.channel, k.rank, k.value
), best AS (
    SELECT DISTINCT ON (customer_id, channel) customer_id, channel, is_dead, is_stopped,
           CASE WHEN is_withdrawn THEN 'withdrawn' WHEN is_refused THEN 'refused' END AS others
      FROM judged
     ORDER BY customer_id, channel, is_dead OR is_withdrawn OR is_refused OR is_stopped, rank
), said AS (
    SELECT coalesce(n.customer_id, b.customer_id) AS customer_id,
           coalesce(n.channel, b.channel)         AS channel,
           n.state                                AS own,
           CASE WHEN 'withdrawn' IN (n.state, b.others) THEN 'withdrawn'
                WHEN 'refused' IN (n.state, b.others)   THEN 'refused'
                ELSE n.state END                  AS strictest,
           b.is_dead, b.is_stopped
      FROM newest n FULL JOIN best b ON b.customer_id = n.customer_id AND b.channel = n.channel
)
SELECT customer_id,
       max(own) FILTER (WHERE channel = 'sms')    AS sms,
       max(own) FILTER (WHERE channel = 'email')  AS email,
       max(own) FILTER (WHERE channel = 'wechat') AS wechat,
       max(own) FILTER (WHERE channel = 'phone')  AS phone,
       max(own) FILTER (WHERE channel = 'post')   AS post,
       max(own) FILTER (WHERE channel = 'app')    AS app,
       max(strictest) FILTER (WHERE channel = 'sms')    AS sms_all,
       max(strictest) FILTER (WHERE channel = 'email')  AS email_all,
       max(strictest) FILTER (WHERE channel = 'wechat') AS wechat_all,
       max(strictest) FILTER (WHERE channel = 'phone')  AS phone_all,
       bool_or(true) FILTER (WHERE channel = 'sms' AND is_dead IS NOT NULL) AS sms_has,
       bool_or(true) FILTER (WHERE channel = 'phone' AND is_dead IS NOT NULL) AS phone_has,
       bool_or(true) FILTER (WHERE channel = 'email' AND is_dead IS NOT NULL) AS email_has,
       bool_or(is_dead) FILTER (WHERE channel = 'sms')   AS sms_dead,
       bool_or(is_dead) FILTER (WHERE channel = 'phone') AS phone_dead,
       bool_or(is_dead) FILTER (WHERE channel = 'email') AS email_dead,
       coalesce(bool_or(channel = 'any' AND own = 'withdrawn'), false)  AS stop,
       coalesce(bool_or(is_stopped) FILTER (WHERE channel = 'sms'), false)   AS stop_sms,
       coalesce(bool_or(is_stopped) FILTER (WHERE channel = 'phone'), false) AS stop_phone,
       coalesce(bool_or(is_stopped) FILTER (WHERE channel = 'email'), false) AS stop_email
  FROM said
 GROUP BY customer_id
