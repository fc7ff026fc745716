-- One row per customer of %(ids)s: who they are, what they bought, what the measurement in force says of them.
-- %(slot)s  the slot of standings in force, looked up where it is null; null figures = not measured yet or not known.
SELECT c.id, c.code, c.name, c.home_store_id,
       p.first_ordered_on, p.last_ordered_on, coalesce(p.purchases, 0) AS purchases,
       coalesce(p.net_minor, 0) AS net_minor,
       s.layer, s.stage, s.health, s.dormancy_days, s.net_360_minor, s.rfm, s.p_repeat, s.band, s.p_alive,
       s.risk, s.risk_days, s.expected_purchases, s.expected_spend, s.lifetime_value, s.margin_365,
       s.value_at_risk, s.loyalty_index, s.loyalty_level, s.grid_cell, s.mark
FROM   customers_v_customer c
LEFT   JOIN audiences_person p ON p.customer_id = c.id
LEFT   JOIN audiences_standing s
       ON s.slot = coalesce(%(slot)s, (SELECT slot FROM audiences_standingslot)) AND s.customer_id = c.id
WHERE  c.id = ANY (%(ids)s::bigint[]);
