"""What is known of each person in one row: the columns that screens, lists and conditions read.

Words: person, standing, column, put, slot.
Invariants: one row per customer; each column is written by exactly one room; a put replaces all
standings at once or none; no column needs a clock.
"""
