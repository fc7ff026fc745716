"""Did it help? Differences of arms drawn at random, what could be seen, when one may look. Pure.

Everything here takes columns (one entry a unit, which is a person or a household) and numbers, and
returns values. An effect is always treated minus held out, per unit.
"""
