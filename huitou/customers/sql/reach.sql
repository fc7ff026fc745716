-- One row per customer asked about: where %(channel)s reaches them, what they said of %(purpose)s there, whether
-- somebody who shares the address said no, and whether they, or whoever shares the address, are not to be contacted.
WITH asked AS (
    SELECT c.id,
           CASE %(channel)s
               WHEN 'email' THEN c.email
               WHEN 'sms' THEN CASE WHEN c.phone_is_masked THEN '' ELSE c.phone END
               WHEN 'phone' THEN CASE WHEN c.phone_is_masked THEN '' ELSE c.phone END
               ELSE coalesce((SELECT i.value FROM customers_identity i
                               WHERE i.customer_id = c.id AND i.source = %(channel)s ORDER BY i.id DESC LIMIT 1), '')
           END AS address,
           c.phone_reversed
      FROM customers_customer c
     WHERE c.id = ANY (%(ids)s)
),
-- One row per customer asked about and other customer at the same address.
shared AS (
    SELECT a.id, o.id AS other_id
      FROM asked a JOIN customers_customer o ON o.email = a.address AND o.email <> ''
     WHERE %(channel)s = 'email' AND o.id <> a.id
    UNION ALL
    SELECT a.id, o.id
      FROM asked a JOIN customers_customer o ON o.phone_reversed = a.phone_reversed AND o.phone_reversed <> ''
     WHERE %(channel)s IN ('sms', 'phone') AND a.address <> '' AND o.phone = a.address AND o.id <> a.id
),
-- One row per customer asked about with somebody at the same address who said no. Grouped once for all: looked up
-- customer by customer it would read everybody's addresses again for each.
others AS (
    SELECT h.id, array_agg(newest.state) AS states
      FROM shared h
     CROSS JOIN LATERAL (
           SELECT s.state FROM customers_consent s
            WHERE s.customer_id = h.other_id AND s.channel = %(channel)s
              AND s.purpose IN (%(purpose)s, %(spoken_for)s)
            ORDER BY s.purpose = %(purpose)s DESC, s.stated_at DESC, s.id DESC LIMIT 1) newest
     WHERE newest.state IN ('refused', 'withdrawn')
     GROUP BY h.id
),
-- One row per customer asked about with somebody at the same address who said: do not contact.
stopped AS (
    SELECT DISTINCT h.id
      FROM shared h
     CROSS JOIN LATERAL (
           SELECT s.state FROM customers_consent s
            WHERE s.customer_id = h.other_id AND s.channel = 'any' AND s.purpose = 'any'
            ORDER BY s.stated_at DESC, s.id DESC LIMIT 1) newest
     WHERE newest.state = 'withdrawn'
)
SELECT a.id,
       a.address,
       coalesce(own.state, spoken.state, 'unknown'),
       coalesce(others.states, '{}'),
       coalesce(stop.state = 'withdrawn', false) OR stopped.id IS NOT NULL
  FROM asked a
  LEFT JOIN LATERAL (
       SELECT s.state FROM customers_consent s
        WHERE s.customer_id = a.id AND s.channel = %(channel)s AND s.purpose = %(purpose)s
        ORDER BY s.stated_at DESC, s.id DESC LIMIT 1) own ON true
  LEFT JOIN LATERAL (
       SELECT s.state FROM customers_consent s
        WHERE s.customer_id = a.id AND s.channel = %(channel)s AND s.purpose = %(spoken_for)s
        ORDER BY s.stated_at DESC, s.id DESC LIMIT 1) spoken ON own.state IS NULL
  LEFT JOIN LATERAL (
       SELECT s.state FROM customers_consent s
        WHERE s.customer_id = a.id AND s.channel = 'any' AND s.purpose = 'any'
        ORDER BY s.stated_at DESC, s.id DESC LIMIT 1) stop ON true
  LEFT JOIN others ON others.id = a.id
  LEFT JOIN stopped ON stopped.id = a.id
