"""Conditions: one typed, versioned JSON tree that says who and when, everywhere.

Words: field, collection, leaf, aggregate, window, expression, binding, crossing.
Invariants: an expression that parsed can be evaluated; a leaf on an unknown value is false and
``not`` is plain negation; the evaluator in the database and the one on columns choose the same
people; values are bound, never pasted into a statement; nobody here reads the clock.
"""
