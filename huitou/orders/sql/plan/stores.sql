-- One row per store of the orders to write.
SELECT o.store FROM ord o JOIN step USING (ord_no) WHERE step.step <> 'unchanged' GROUP BY o.store ORDER BY min(o.n);
