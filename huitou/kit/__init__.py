"""Nouns every room shares: money, periods, clock, errors, text, ids. No Django, no database.

Invariants: amounts are whole minor units; instants are aware and UTC; spans are half-open; an
error says whose move it is; nothing here reads the clock.
"""
