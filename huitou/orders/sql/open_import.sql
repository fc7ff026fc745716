-- Tables of this transaction. One row per: order of the file; order that leaves; order whose sums change; change.
-- Each has an index for every join it is in: the planner may think of the tables they meet what it will.
CREATE TEMP TABLE IF NOT EXISTS orders_incoming (ord_no integer, number text PRIMARY KEY, digest bytea) ON COMMIT DROP;
CREATE TEMP TABLE IF NOT EXISTS orders_leaving (order_id bigint PRIMARY KEY) ON COMMIT DROP;
CREATE TEMP TABLE IF NOT EXISTS orders_to_settle (order_id bigint PRIMARY KEY) ON COMMIT DROP;
CREATE TEMP TABLE IF NOT EXISTS orders_touched (customer_id bigint, month_on date, source text, number text) ON COMMIT DROP;
CREATE INDEX IF NOT EXISTS orders_touched_customer ON orders_touched (customer_id);
-- The joins of an import are large: in memory, not on disk. Its lines are joined to orders and products by it.
SET LOCAL work_mem = '128MB';
SET LOCAL huitou.writer = 'orders';
TRUNCATE orders_incoming, orders_leaving, orders_to_settle, orders_touched;
