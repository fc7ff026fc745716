-- One row without meaning: the planner has looked at the tables again.
SELECT voice_take_stock()
