-- One row per row of the chunk that is as it should be.
INSERT INTO item
SELECT n, run_no, line, line_no,
       stamp, stamp_kind(ordered_at), paid, CASE WHEN paid_at <> '' THEN stamp_kind(paid_at) END,
       customer, customer_name, phone, email, store, channel, status,
       coalesce(nullif(sku, ''), product), product, category, refund_of,
       -- Without a quantity a sale is one piece; of a return only the money is known then, and 0 says so.
       CASE WHEN is_return THEN -abs(coalesce(pieces, 0)) ELSE coalesce(pieces, 1) END,
       price, CASE WHEN unit_cost <> '' THEN CAST(unit_cost AS DECIMAL(20,8)) END,
       amount_minor, discount_minor,
       CASE WHEN delivery <> '' THEN scaled(delivery, $factor) ELSE 0 END,
       CASE WHEN tax <> '' THEN scaled(tax, $factor) ELSE 0 END,
       is_return
  FROM read_row
 WHERE reason IS NULL;
