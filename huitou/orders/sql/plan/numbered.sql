-- One row per run of rows that belong together, with the order it is of. Without order numbers (number_given false)
-- a row is an order of its own, named by customer, day and a count; else runs of one number are one order.
CREATE TABLE run_of AS
WITH named AS (
    SELECT run_no, length, first_n,
           CASE WHEN $number_given THEN key
                ELSE key || '/' || row_number() OVER (PARTITION BY key ORDER BY run_no) END AS number
      FROM run
)
SELECT run_no, number, CAST(dense_rank() OVER (ORDER BY first_run) - 1 AS INTEGER) AS ord_no,
       CAST(sum(length) OVER (PARTITION BY number ORDER BY run_no) - length - first_n + 1 AS BIGINT) AS before_first
  FROM (SELECT *, min(run_no) OVER (PARTITION BY number) AS first_run FROM named);
