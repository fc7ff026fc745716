-- One row per order without an id yet, in the order of the file.
SELECT ord_no FROM step WHERE step = 'new' ORDER BY ord_no;
