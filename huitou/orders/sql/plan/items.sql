-- One row per row of the chunk: its values as types; `reason` is the first thing that is wrong with it, or null.
WITH timed AS (
    SELECT *, stamp_kind(ordered_at) AS stamp_kind, CASE WHEN paid_at <> '' THEN stamp_kind(paid_at) END AS paid_kind
      FROM chunk
     WHERE NOT ignored
),
stamped AS (
    SELECT *, CASE WHEN is_stamp(ordered_at) THEN to_stamp(ordered_at, stamp_kind) END AS stamp,
           CASE WHEN paid_at <> '' AND is_stamp(paid_at) THEN to_stamp(paid_at, paid_kind) END AS paid
      FROM timed
),
checked AS (
    SELECT *,
           CASE
           WHEN problem <> '' THEN 'file:' || problem
           WHEN $has_number AND order_id = '' THEN 'order_id:empty'
           WHEN length(order_id) > 200 THEN 'order_id:too_long'
           WHEN length(customer) > 200 THEN 'customer:too_long'
           WHEN length(customer_name) > 200 THEN 'customer_name:too_long'
           WHEN length(store) > 100 THEN 'store:too_long'
           WHEN length(sku) > 200 THEN 'sku:too_long'
           WHEN length(product) > 1000 THEN 'product:too_long'
           WHEN $may_have_control AND has_control(concat(order_id, customer, customer_name, store, sku, product, category, channel,
                                   refund_of))
                THEN CASE WHEN has_control(order_id) THEN 'order_id' WHEN has_control(customer) THEN 'customer'
                          WHEN has_control(customer_name) THEN 'customer_name' WHEN has_control(store) THEN 'store'
                          WHEN has_control(sku) THEN 'sku' WHEN has_control(product) THEN 'product'
                          WHEN has_control(category) THEN 'category' WHEN has_control(channel) THEN 'channel'
                          ELSE 'refund_of' END || ':control_character'
           WHEN ordered_at = '' THEN 'ordered_at:empty'
           WHEN stamp IS NULL THEN 'ordered_at:not_a_date'
           WHEN stamp < TIMESTAMP '1970-01-01' THEN 'ordered_at:too_early'
           WHEN paid_at <> '' AND paid IS NULL THEN 'paid_at:not_a_date'
           WHEN line_no <> '' AND NOT regexp_full_match(line_no, '[0-9]{1,9}') THEN 'line_no:not_a_number'
           WHEN currency <> '' AND upper(currency) <> $currency THEN 'currency:other_currency'
           WHEN status NOT IN ('', 'pending', 'paid', 'cancelled', 'returned') THEN 'status:not_a_status'
           WHEN amount = '' AND unit_price = '' THEN 'amount:empty'
           WHEN amount <> '' AND NOT is_plain(amount) THEN 'amount:not_an_amount'
           WHEN amount <> '' AND regexp_matches(amount, $too_fine) THEN 'amount:too_many_decimals'
           WHEN amount <> '' AND is_long(amount) THEN 'amount:too_large'
           WHEN quantity <> '' AND NOT is_plain(quantity) THEN 'quantity:not_a_number'
           WHEN quantity <> '' AND regexp_matches(quantity, '[.][0-9]{6}[0-9]*[1-9]') THEN 'quantity:too_many_decimals'
           WHEN quantity <> '' AND regexp_matches(quantity, '^[+-]?0*[1-9][0-9]{9}') THEN 'quantity:too_large'
           WHEN unit_price <> '' AND NOT is_plain(unit_price) THEN 'unit_price:not_an_amount'
           WHEN unit_price <> '' AND regexp_matches(unit_price, '^[+-]?0*[1-9][0-9]{9}') THEN 'unit_price:too_large'
           WHEN unit_cost <> '' AND (NOT is_plain(unit_cost) OR starts_with(unit_cost, '-'))
                THEN 'unit_cost:not_a_cost'
           WHEN unit_cost <> '' AND regexp_matches(unit_cost, '^[+-]?0*[1-9][0-9]{9}') THEN 'unit_cost:too_large'
           WHEN discount <> '' AND NOT is_plain(discount) THEN 'discount:not_an_amount'
           WHEN discount <> '' AND regexp_matches(discount, $too_fine) THEN 'discount:too_many_decimals'
           WHEN discount <> '' AND is_long(discount) THEN 'discount:too_large'
           WHEN delivery <> '' AND NOT is_plain(delivery) THEN 'delivery:not_an_amount'
           WHEN delivery <> '' AND regexp_matches(delivery, $too_fine) THEN 'delivery:too_many_decimals'
           WHEN delivery <> '' AND is_long(delivery) THEN 'delivery:too_large'
           WHEN tax <> '' AND NOT is_plain(tax) THEN 'tax:not_an_amount'
           WHEN tax <> '' AND regexp_matches(tax, $too_fine) THEN 'tax:too_many_decimals'
           WHEN tax <> '' AND is_long(tax) THEN 'tax:too_large'
           END AS reason
      FROM stamped
),
typed AS (
    SELECT *,
           CASE WHEN reason IS NULL AND quantity <> '' THEN try_cast(quantity AS DECIMAL(18,6)) END AS pieces,
           CASE WHEN reason IS NULL AND unit_price <> '' THEN try_cast(unit_price AS DECIMAL(20,8)) END AS price,
           try_cast(quantity AS DECIMAL(9,0)) AS few, try_cast(unit_price AS DECIMAL(9,4)) AS low_price,
           CASE WHEN reason IS NULL AND discount <> '' THEN scaled(discount, $factor) ELSE 0 END AS discount_minor
      FROM checked
),
priced AS (
    SELECT *,
           CASE
           WHEN reason IS NOT NULL THEN NULL
           WHEN amount <> '' THEN scaled(amount, $factor)
           WHEN exact_minor IS NOT NULL THEN exact_minor
           -- DECIMAL rounds half away from zero, exactly: a return takes back what the same sale gave. Whole pieces
           -- at prices with up to four decimals fit a machine word, which is three times as fast.
           WHEN coalesce(few, 1) = coalesce(pieces, 1) AND low_price = price
                THEN try_cast(to_currency(coalesce(few, 1) * low_price) * $factor AS BIGINT)
           ELSE try_cast(try_cast(to_currency(coalesce(pieces, 1) * price) AS DECIMAL(22,4)) * $factor AS BIGINT)
           END AS gross_minor
      FROM typed
),
signed AS (
    SELECT *,
           gross_minor - CASE WHEN amount = '' AND gross_minor > 0 THEN discount_minor ELSE 0 END AS amount_minor,
           coalesce(gross_minor < 0 OR pieces < 0, false) AS is_return
      FROM priced
)
SELECT n, run_no, line, line_no, stamp, stamp_kind, paid, paid_kind, customer, customer_name, phone, email, store,
       channel, status, coalesce(nullif(sku, ''), product) AS sku, product, category, refund_of,
       -- Without a quantity a sale is one piece; of a return only the money is known then, and 0 says so.
       CASE WHEN is_return THEN -abs(coalesce(pieces, 0)) ELSE coalesce(pieces, 1) END AS quantity,
       price AS unit_price,
       CASE WHEN unit_cost <> '' THEN try_cast(unit_cost AS DECIMAL(20,8)) END AS unit_cost,
       amount_minor, discount_minor,
       CASE WHEN delivery <> '' THEN scaled(delivery, $factor) ELSE 0 END AS delivery_minor,
       CASE WHEN tax <> '' THEN scaled(tax, $factor) ELSE 0 END AS tax_minor,
       is_return,
       CASE
       WHEN reason IS NOT NULL THEN reason
       WHEN gross_minor > 0 AND pieces < 0 THEN 'amount:signs_differ'
       WHEN abs(amount_minor) > 1000000000000000 THEN 'amount:too_large'
       WHEN amount_minor < 0 AND NOT is_return THEN 'discount:above_amount'
       WHEN is_return AND refund_of = '' AND status <> 'returned' THEN 'amount:negative'
       WHEN NOT is_return AND refund_of <> '' AND amount_minor > 0 THEN 'amount:refund_not_negative'
       END AS reason
  FROM signed
