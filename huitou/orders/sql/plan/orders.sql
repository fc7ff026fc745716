-- One row per order of the file: what its rows agree on, its instant, and the sums of its rows.
CREATE TABLE ord AS
WITH heads AS (
    SELECT ord_no, min(n) AS n FROM line GROUP BY ord_no
),
-- The first row says it all, unless it leaves a cell empty that a later row fills.
filled AS (
    SELECT r.ord_no,
           arg_min(i.customer, i.n) FILTER (WHERE i.customer <> '') AS customer,
           arg_min(i.customer_name, i.n) FILTER (WHERE i.customer_name <> '') AS customer_name,
           arg_min(i.phone, i.n) FILTER (WHERE i.phone <> '') AS phone,
           arg_min(i.email, i.n) FILTER (WHERE i.email <> '') AS email,
           arg_min(i.store, i.n) FILTER (WHERE i.store <> '') AS store,
           arg_min(i.channel, i.n) FILTER (WHERE i.channel <> '') AS channel,
           arg_min(i.paid, i.n) AS paid, arg_min(i.paid_kind, i.n) AS paid_kind
      FROM item i JOIN run_of r USING (run_no) JOIN heads h USING (ord_no) JOIN item f ON f.n = h.n
     WHERE i.n > h.n
       AND (f.customer = '' AND i.customer <> '' OR f.customer_name = '' AND i.customer_name <> ''
            OR f.phone = '' AND i.phone <> '' OR f.email = '' AND i.email <> '' OR f.store = '' AND i.store <> ''
            OR f.channel = '' AND i.channel <> '' OR f.paid IS NULL AND i.paid IS NOT NULL)
     GROUP BY r.ord_no
),
said AS (
    SELECT h.ord_no, h.n, i.line, r.number, i.stamp, i.stamp_kind,
           coalesce(i.paid, f.paid) AS paid, coalesce(i.paid_kind, f.paid_kind) AS paid_kind,
           coalesce(nullif(i.customer, ''), f.customer, '') AS customer,
           coalesce(nullif(i.customer_name, ''), f.customer_name, '') AS customer_name,
           coalesce(nullif(i.phone, ''), f.phone, '') AS phone, coalesce(nullif(i.email, ''), f.email, '') AS email,
           coalesce(nullif(i.store, ''), f.store, $default_store) AS store,
           coalesce(nullif(i.channel, ''), f.channel, '') AS channel
      FROM heads h JOIN item i USING (n) JOIN run_of r USING (run_no) LEFT JOIN filled f ON f.ord_no = h.ord_no
),
summed AS (
    SELECT ord_no, count(*) AS rows_count,
           coalesce(min(status) FILTER (WHERE status <> 'returned'), 'returned') AS status,
           coalesce(sum(amount_minor) FILTER (WHERE NOT is_return), 0)::BIGINT AS total_minor,
           coalesce(sum(amount_minor) FILTER (WHERE NOT is_return AND status = 'returned'), 0)::BIGINT
               AS returned_minor,
           -coalesce(sum(amount_minor) FILTER (WHERE is_return), 0)::BIGINT AS taken_back_minor,
           count(*) FILTER (WHERE NOT is_return) AS sale_rows,
           count(*) FILTER (WHERE NOT is_return AND status <> 'returned') AS kept_rows,
           count(*) FILTER (WHERE is_return) AS return_rows,
           sum(CAST(to_currency(quantity * unit_cost) AS DECIMAL(22,4)) * $factor)
               FILTER (WHERE NOT is_return AND status <> 'returned')::BIGINT AS goods_cost_minor,
           coalesce(sum(amount_minor - tax_minor) FILTER (WHERE NOT is_return AND status <> 'returned'
                                                            AND unit_cost IS NOT NULL), 0)::BIGINT AS costed_minor,
           sum(tax_minor)::BIGINT AS tax_minor, sum(delivery_minor)::BIGINT AS delivery_minor,
           sum(discount_minor)::BIGINT AS discount_minor,
           coalesce(arg_max(category, amount_minor) FILTER (WHERE NOT is_return), '') AS main_category
      FROM line GROUP BY ord_no
),
placed AS (
    SELECT *, coalesce(zone.zone, $zone) AS where_sold FROM said JOIN summed USING (ord_no) LEFT JOIN zone USING (store)
),
timed AS (
    SELECT *,
           CASE stamp_kind WHEN 0 THEN timezone('UTC', timezone(where_sold, date_trunc('day', stamp) + INTERVAL 12 HOUR))
                           WHEN 1 THEN timezone('UTC', timezone(where_sold, stamp)) ELSE stamp END AS ordered_at,
           CASE paid_kind WHEN 0 THEN timezone('UTC', timezone(where_sold, date_trunc('day', paid) + INTERVAL 12 HOUR))
                          WHEN 1 THEN timezone('UTC', timezone(where_sold, paid)) ELSE paid END AS paid_at,
           CASE WHEN stamp_kind = 2 THEN timezone(where_sold, timezone('UTC', stamp)) ELSE stamp END::DATE AS ordered_on
      FROM placed
)
SELECT ord_no, n, line, number, rows_count, customer, customer_name, phone, email, store, channel, status,
       ordered_at, ordered_on, paid_at, total_minor, returned_minor,
       CASE WHEN status IN ('paid', 'returned') THEN taken_back_minor ELSE 0 END AS unmatched_minor,
       goods_cost_minor + delivery_minor AS cost_minor, costed_minor,
       tax_minor, delivery_minor, discount_minor, main_category, return_rows,
       status = 'paid' AND sale_rows > 0
           AND CASE WHEN total_minor > 0 THEN returned_minor < total_minor ELSE kept_rows > 0 END AS is_counted
  FROM timed;
