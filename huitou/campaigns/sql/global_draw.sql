-- One row per year drawn: its share and salt, its units and how many of them no marketing reaches.
SELECT d.year, d.percent, d.salt, d.drawn_at,
       count(DISTINCT u.unit_id), count(DISTINCT u.unit_id) FILTER (WHERE u.is_held_out)
  FROM campaigns_globaldraw d
  LEFT JOIN campaigns_globalunit u ON u.year = d.year
 WHERE d.year = %(year)s
 GROUP BY d.year
