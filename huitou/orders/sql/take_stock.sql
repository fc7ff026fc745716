-- One row without meaning: the planner has looked at the tables again.
SELECT orders_take_stock()
