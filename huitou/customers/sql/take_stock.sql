-- One row without meaning: the planner has looked at the tables again.
SELECT customers_take_stock()
