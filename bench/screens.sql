-- A base of :customers customers, one row each in the tables the list of customers reads. Statements end with ";".
INSERT INTO staff_store (code, name, zone, is_online, created_at)
SELECT 'S' || i, 'Store ' || i, 'Asia/Shanghai', false, now() FROM generate_series(1, 40) i;

INSERT INTO customers_customer (
    code, name, name_folded, name_pinyin, name_initials, kind, phone, phone_reversed, phone_is_masked, email,
    birth_calendar, home_store_id, acquired_from, tags, created_at)
SELECT 'M-' || lpad(i::text, 8, '0'), w || i, w || i,
       w || translate((i % 5000)::text, '0123456789', 'abcdefghij'), left(w, 1), 'person', '',
       reverse('86138' || lpad(i::text, 8, '0')), false, '', 'solar',
       (SELECT min(id) FROM staff_store) + i % 40, '', '{}', now()
FROM   generate_series(1, :customers) i,
LATERAL (SELECT (ARRAY['chen', 'li', 'wang', 'zhang', 'liu', 'yang', 'huang', 'zhao', 'wu', 'zhou'])[1 + i % 10]
         AS w) x;

INSERT INTO audiences_person (
    customer_id, first_ordered_on, last_ordered_on, purchases, net_minor, main_store_id)
SELECT id, date '2025-01-01', date '2026-06-30' - (id * 7919 % 500)::int, 1 + id % 20, id * 104729 % 900000,
       home_store_id
FROM   customers_customer;

INSERT INTO audiences_storeperson (customer_id, store_id, last_ordered_on)
SELECT customer_id, main_store_id, last_ordered_on FROM audiences_person;

INSERT INTO audiences_standing (
    slot, customer_id, layer, stage, health, dormancy_days, purchases, net_minor, net_360_minor, rfm, p_repeat,
    band, p_alive, risk, risk_days, expected_purchases, expected_spend, lifetime_value, margin_365,
    value_at_risk, loyalty_index, loyalty_level, grid_cell, mark)
SELECT 0, customer_id,
       CASE WHEN d < 45 THEN 'active' WHEN d < 90 THEN 'cooling' WHEN d < 180 THEN 'high_win_back'
            WHEN d < 360 THEN 'low_win_back' ELSE 'lost' END,
       CASE WHEN purchases > 1 THEN 'repeat_purchase' ELSE 'first_purchase' END, 'active', d, purchases,
       net_minor, net_minor, '345', r,
       CASE WHEN r >= .7 THEN 'high' WHEN r <= .3 THEN 'low' ELSE 'middle' END, .8, 1 - r, 90, 2.5, 30.5, 800.25,
       240.75, (1 - r) * (customer_id * 15485863 % 100000) / 100.0,
       CASE WHEN customer_id % 40 = 0 THEN 60.5 END,
       CASE WHEN customer_id % 40 = 0 THEN 'preference' ELSE '' END, '', ''
FROM   audiences_person,
LATERAL (SELECT (date '2026-06-30' - last_ordered_on) AS d) a,
LATERAL (SELECT (customer_id * 7907 % 1000) / 1000.0 AS r) b;

UPDATE audiences_standing s SET value_place = p.by_value, risk_place = p.by_risk,
       layer_code = array_position(ARRAY['new', 'developing', 'active', 'cooling', 'high_win_back', 'low_win_back',
           'lost', 'no_purchase'], layer) - 1,
       stage_code = CASE stage WHEN 'first_purchase' THEN 2 ELSE 3 END
FROM  (SELECT customer_id, row_number() OVER (ORDER BY coalesce(value_at_risk, -1), customer_id) AS by_value,
              row_number() OVER (ORDER BY coalesce(risk, -1), customer_id) AS by_risk
       FROM audiences_standing) p
WHERE  p.customer_id = s.customer_id;

INSERT INTO orders_order (
    source, number, customer_id, store_id, channel, status, ordered_at, ordered_on, total_minor, returned_minor,
    unmatched_minor, costed_minor, tax_minor, delivery_minor, discount_minor, main_category, is_counted, digest,
    import_id, created_import_id)
SELECT 'bench', customer_id || '-' || k, customer_id, main_store_id, '', 'paid', now() - k * interval '9 days',
       current_date - 9 * k, 3200, 0, 0, 0, 0, 0, 0, '', true, '', 1, 1
FROM   audiences_person, generate_series(1, 30) k
WHERE  customer_id % 5000 = 0;

SELECT audiences_index_standings(0);
VACUUM ANALYZE audiences_standing;
VACUUM ANALYZE customers_customer;
VACUUM ANALYZE audiences_person;
VACUUM ANALYZE audiences_storeperson;
VACUUM ANALYZE orders_order;
