-- A row is one customer in the draw of a year.
INSERT INTO campaigns_globalunit (year, customer_id, unit_id, is_held_out, entered_at)
SELECT %(year)s, customer_id, unit_id, is_held_out, %(now)s
  FROM unnest(%(customer_ids)s::bigint[], %(unit_ids)s::bigint[], %(held_out)s::boolean[])
       AS drawn (customer_id, unit_id, is_held_out)
ON CONFLICT DO NOTHING
