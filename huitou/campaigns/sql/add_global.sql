-- A row is one customer in the draw of a year.
INSERT INTO campaigns_globalunit (year, customer_id, unit_id, is_held_out, is_contactable, entered_at)
SELECT %(year)s, customer_id, unit_id, is_held_out, is_contactable, %(now)s
  FROM unnest(%(customer_ids)s::bigint[], %(unit_ids)s::bigint[], %(held_out)s::boolean[],
              %(contactable)s::boolean[])
       AS drawn (customer_id, unit_id, is_held_out, is_contactable)
ON CONFLICT DO NOTHING
