-- One row per reason to reject an order that none of its rows shows alone; it stands at the row that disagrees.
INSERT INTO fault
WITH differing AS (
    SELECT o.ord_no, i.n, i.run_no, i.line, 'customer' AS field, i.customer AS given, 'differs' AS reason
      FROM item i JOIN run_of r USING (run_no) JOIN ord o USING (ord_no)
     WHERE i.customer <> '' AND i.customer <> o.customer
     UNION ALL
    SELECT o.ord_no, i.n, i.run_no, i.line, 'store', i.store, 'differs'
      FROM item i JOIN run_of r USING (run_no) JOIN ord o USING (ord_no)
     WHERE i.store <> '' AND i.store <> o.store
     UNION ALL
    SELECT o.ord_no, l.n, r.run_no, l.line, 'status', l.status, 'differs'
      FROM line l JOIN ord o USING (ord_no) JOIN item i ON i.n = l.n JOIN run_of r USING (run_no)
     WHERE $has_status AND l.status NOT IN (o.status, 'returned')
     UNION ALL
    SELECT l.ord_no, l.n, i.run_no, l.line, 'line_no', i.line_no, 'twice'
      FROM (SELECT *, row_number() OVER (PARTITION BY ord_no, position ORDER BY n) AS copy FROM line WHERE $has_line_no) l
      JOIN item i ON i.n = l.n
     WHERE l.copy > 1
     UNION ALL
    SELECT o.ord_no, o.n, NULL, o.line, 'ordered_at', strftime(o.ordered_at, '%Y-%m-%d %H:%M:%S UTC'), 'in_the_future'
      FROM ord o WHERE o.ordered_at > $latest
     UNION ALL
    SELECT o.ord_no, o.n, NULL, o.line, 'customer', '', 'anonymous'
      FROM ord o WHERE o.customer = '' AND $refuse_anonymous
     UNION ALL
    SELECT o.ord_no, o.n, NULL, o.line, 'amount', o.total_minor::VARCHAR, 'order_too_large'
      FROM ord o WHERE abs(o.total_minor) > 1000000000000000 OR abs(o.cost_minor) > 1000000000000000
)
SELECT n, coalesce(run_no, (SELECT min(run_no) FROM run_of r WHERE r.ord_no = d.ord_no)), line, field, given, reason
  FROM (SELECT *, row_number() OVER (PARTITION BY n ORDER BY field) AS nth FROM differing) d
 WHERE nth = 1;
