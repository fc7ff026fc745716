-- One row per order that stays out because a row of it is rejected.
CREATE TABLE bad_order AS
SELECT DISTINCT r.ord_no FROM fault f JOIN run_of r USING (run_no);
