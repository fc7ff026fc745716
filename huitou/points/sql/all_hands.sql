-- One row: for this transaction every core may work on a statement, and its sorts and sums stay in memory.
SELECT set_config('parallel_tuple_cost', '0.001', true), set_config('parallel_setup_cost', '10', true),
       set_config('work_mem', '256MB', true);
