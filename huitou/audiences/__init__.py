"""What is known of each person in one row, what can be asked about it, and whom the answers choose.

Words: person, standing, column, put, slot, field, audience, version, sight, reach.
Invariants: one row per customer; each column is written by exactly one room; a put replaces all
standings at once or none; no column needs a clock; an audience is a condition, never a stored list;
a version once saved stays as it was.
"""
