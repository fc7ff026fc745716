"""Campaigns: whom we write to, who is held out, and what was said.

Words: campaign, audience, draw, arm, treated, held out, outcome window, global hold-out.
Invariants: an arm is drawn once, after all filters, and stored before anything leaves; everyone
drawn is judged in the arm drawn.
"""
