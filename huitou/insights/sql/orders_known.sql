-- One row: the newest day of which orders are known, and when orders last came in, by whatever way.
SELECT (SELECT max(ordered_on) FROM orders_v_net WHERE is_counted),
       greatest((SELECT recorded_at FROM platform_v_fact WHERE name = 'orders.import_applied'
                  ORDER BY fact_id DESC LIMIT 1),
                (SELECT recorded_at FROM platform_v_fact WHERE name = 'orders.sold'
                  ORDER BY fact_id DESC LIMIT 1))
