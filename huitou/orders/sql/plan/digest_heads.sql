-- One row per order: the texts of its digest beside those of its rows. Stored digests hang on this order of columns.
SELECT ord_no, number, customer, store, channel, status, ordered_at::VARCHAR AS ordered_at,
       ordered_on::VARCHAR AS ordered_on, coalesce(paid_at::VARCHAR, '') AS paid_at
  FROM ord
 ORDER BY ord_no;
