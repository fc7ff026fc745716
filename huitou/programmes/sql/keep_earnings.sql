-- One row per order and member: what it has earned by now, new or in the place of what it had earned before.
INSERT INTO programmes_earning (source, number, customer_id, earned_on, qualifies_until, base_minor, rule_version_id,
                                multiplier_percent, points, qualifying, revision, awards)
SELECT source, number, customer_id, earned_on, qualifies_until, base_minor, rule_version_id,
       multiplier_percent, points, qualifying, revision, awards::jsonb
  FROM unnest(%(source)s::text[], %(number)s::text[], %(customer_id)s::bigint[], %(earned_on)s::date[],
              %(qualifies_until)s::date[], %(base_minor)s::bigint[], %(rule_version_id)s::bigint[],
              %(multiplier_percent)s::int[], %(points)s::bigint[], %(qualifying)s::bigint[], %(revision)s::int[],
              %(awards)s::text[])
       AS one (source, number, customer_id, earned_on, qualifies_until, base_minor, rule_version_id,
               multiplier_percent, points, qualifying, revision, awards)
    ON CONFLICT (source, number, customer_id) DO UPDATE
   SET earned_on = excluded.earned_on, qualifies_until = excluded.qualifies_until, base_minor = excluded.base_minor,
       rule_version_id = excluded.rule_version_id, multiplier_percent = excluded.multiplier_percent,
       points = excluded.points, qualifying = excluded.qualifying, revision = excluded.revision, awards = excluded.awards
