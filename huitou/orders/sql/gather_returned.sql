-- One row per sale row of an order to settle: what came back of it. Below: per return row, what was matched.
DROP TABLE IF EXISTS pg_temp.orders_taken, pg_temp.orders_given;
CREATE TEMP TABLE orders_taken ON COMMIT DROP AS
SELECT m.sale_order_id, m.sale_position, sum(m.quantity) AS quantity, sum(m.amount_minor)::bigint AS amount_minor
  FROM orders_to_settle x JOIN orders_returnmatch m ON m.sale_order_id = x.order_id
 GROUP BY m.sale_order_id, m.sale_position;
CREATE TEMP TABLE orders_given ON COMMIT DROP AS
SELECT m.return_order_id, m.return_position, sum(m.amount_minor)::bigint AS amount_minor
  FROM orders_to_settle x JOIN orders_returnmatch m ON m.return_order_id = x.order_id
 GROUP BY m.return_order_id, m.return_position;
ALTER TABLE orders_taken ADD PRIMARY KEY (sale_order_id, sale_position);
ALTER TABLE orders_given ADD PRIMARY KEY (return_order_id, return_position);
ANALYZE orders_to_settle, orders_taken, orders_given;
