-- One row per row of the chunk that cannot get in: the field, what stands there and the code of the reason.
INSERT INTO fault
SELECT c.n, c.run_no, c.line, split_part(reason, ':', 1),
       CASE split_part(reason, ':', 1)
       WHEN 'order_id' THEN order_id WHEN 'customer' THEN customer WHEN 'customer_name' THEN customer_name
       WHEN 'store' THEN store WHEN 'sku' THEN sku WHEN 'product' THEN product WHEN 'category' THEN category
       WHEN 'channel' THEN channel WHEN 'refund_of' THEN refund_of WHEN 'ordered_at' THEN ordered_at
       WHEN 'paid_at' THEN paid_at WHEN 'line_no' THEN line_no WHEN 'currency' THEN currency
       WHEN 'status' THEN status WHEN 'quantity' THEN quantity WHEN 'unit_price' THEN unit_price
       WHEN 'unit_cost' THEN unit_cost WHEN 'discount' THEN discount WHEN 'delivery' THEN delivery
       WHEN 'tax' THEN tax WHEN 'file' THEN '' ELSE coalesce(nullif(amount, ''), unit_price) END,
       split_part(reason, ':', 2)
  FROM chunk c JOIN (SELECT n, reason FROM item_row WHERE reason IS NOT NULL) i USING (n);
