-- One row per earning, for a recount by its own rules: what its money earned and what was posted for it.
SELECT e.source, e.number, e.customer_id, e.base_minor, e.rule_version_id, e.multiplier_percent, e.points, e.qualifying,
       coalesce((SELECT sum((leg->>1)::bigint - (leg->>2)::bigint) FROM jsonb_array_elements(e.awards) AS leg), 0)::bigint,
       coalesce((SELECT sum((leg->>3)::bigint - (leg->>4)::bigint) FROM jsonb_array_elements(e.awards) AS leg), 0)::bigint
  FROM programmes_earning e
