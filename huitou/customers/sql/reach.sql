-- One row per customer asked about, in their order: where %(channel)s reaches them best, what they said of
-- %(purpose)s there, what those said who share the address, whether they or whoever shares it are not to be contacted,
-- and whether messages came back from it. Where an address is named, that one is asked about.
-- The best address is the first, then those added later, passing over what came back and what somebody sharing it
-- refused; if all are like that, the first. The same rule as person_consents.sql asks for everybody at once.
WITH asked AS (
    SELECT a.place, a.id, a.address
      FROM unnest(%(ids)s::bigint[], %(addresses)s::text[]) WITH ORDINALITY AS a(id, address, place)
      JOIN customers_customer c ON c.id = a.id
),
-- One row per place and address; rank 0 is the first.
candidate AS (
    SELECT a.place, a.id, 0::bigint AS rank, c.email AS value
      FROM asked a JOIN customers_customer c ON c.id = a.id
     WHERE %(channel)s = 'email' AND a.address = '' AND c.email <> ''
    UNION ALL
    SELECT a.place, a.id, 0, c.phone
      FROM asked a JOIN customers_customer c ON c.id = a.id
     WHERE %(channel)s IN ('sms', 'phone') AND a.address = '' AND c.phone <> '' AND NOT c.phone_is_masked
    UNION ALL
    SELECT a.place, a.id, d.id, d.value
      FROM asked a JOIN customers_address d ON d.customer_id = a.id AND d.kind = %(kind)s
     WHERE a.address = ''
    UNION ALL
    SELECT a.place, a.id, -i.id, i.value
      FROM asked a JOIN customers_identity i ON i.customer_id = a.id AND i.source = %(channel)s
     WHERE a.address = '' AND %(kind)s = ''
    UNION ALL
    SELECT a.place, a.id, 0, a.address FROM asked a WHERE a.address <> ''
),
-- One row per candidate and other customer at the same address.
shared AS (
    SELECT k.place, k.value, o.id AS other_id
      FROM candidate k JOIN customers_customer o ON o.email = k.value AND o.email <> ''
     WHERE %(channel)s = 'email' AND o.id <> k.id
    UNION ALL
    SELECT k.place, k.value, o.id
      FROM candidate k
      JOIN customers_customer o ON o.phone_reversed = reverse(regexp_replace(k.value, '\D', '', 'g'))
                               AND o.phone_reversed <> ''
     WHERE %(channel)s IN ('sms', 'phone') AND o.phone = k.value AND NOT o.phone_is_masked AND o.id <> k.id
    UNION ALL
    SELECT k.place, k.value, d.customer_id
      FROM candidate k JOIN customers_address d ON d.kind = %(kind)s AND d.value = k.value
     WHERE d.customer_id <> k.id
),
-- One row per candidate where somebody at the same address said no, or: do not contact. Grouped once for all: looked
-- up customer by customer it would read everybody's addresses again for each.
others AS (
    SELECT h.place, h.value,
           array_agg(said.state) FILTER (WHERE said.state IN ('refused', 'withdrawn')) AS states,
           coalesce(bool_or(stop.state = 'withdrawn'), false) AS is_stopped
      FROM shared h
      LEFT JOIN LATERAL (
           SELECT s.state FROM customers_consent s
            WHERE s.customer_id = h.other_id AND s.channel = %(channel)s
              AND s.purpose IN (%(purpose)s, %(spoken_for)s)
            ORDER BY s.purpose = %(purpose)s DESC, s.stated_at DESC, s.id DESC LIMIT 1) said ON true
      LEFT JOIN LATERAL (
           SELECT s.state FROM customers_consent s
            WHERE s.customer_id = h.other_id AND s.channel = 'any' AND s.purpose = 'any'
            ORDER BY s.stated_at DESC, s.id DESC LIMIT 1) stop ON true
     GROUP BY h.place, h.value
),
best AS (
    SELECT DISTINCT ON (k.place) k.place, k.value, coalesce(o.states, '{}') AS states,
           coalesce(o.is_stopped, false) AS is_stopped, d.digest IS NOT NULL AS is_dead
      FROM candidate k
      LEFT JOIN others o ON o.place = k.place AND o.value = k.value
      LEFT JOIN platform_v_dead_digest d
        ON d.channel = %(channel)s
       AND d.digest = encode(sha256(convert_to(%(channel)s || ':' || lower(btrim(k.value)), 'UTF8')), 'hex')
     ORDER BY k.place,
              d.digest IS NOT NULL
              OR 'withdrawn' = ANY (coalesce(o.states, '{}'))
              OR (%(purpose)s <> 'service' AND (coalesce(o.is_stopped, false) OR coalesce(o.states, '{}') <> '{}')),
              k.rank
)
SELECT a.id,
       coalesce(b.value, ''),
       coalesce(own.state, spoken.state, 'unknown'),
       coalesce(b.states, '{}'),
       coalesce(stop.state = 'withdrawn', false) OR coalesce(b.is_stopped, false),
       coalesce(b.is_dead, false)
  FROM asked a
  LEFT JOIN best b ON b.place = a.place
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
 ORDER BY a.place
