"""Who works here and by which rules: users, roles, stores, company, closed days, dated settings.

Words: user, role, company, store, closed day, setting, valid from, scope, setup token, login
attempt.
Invariants: one company; a setting is a dated row, never edited, ending where the next begins; a
user without a role
that allows it may do nothing; the last active owner cannot be removed.
"""
