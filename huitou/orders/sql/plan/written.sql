-- One row: how many orders are new, how many changed, how many rows they have.
SELECT count(*) FILTER (WHERE step = 'new') AS new, count(*) FILTER (WHERE step = 'changed') AS changed,
       sum(rows_count)::BIGINT AS written
  FROM step JOIN ord USING (ord_no) WHERE step <> 'unchanged';
