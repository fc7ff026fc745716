"""Who the customer is, how to reach them, what they agreed to.

Words: customer, identity, code, kind, phone tail, pinyin, initials, tag, consent, before-image.
Invariants: one identity (source, value) names one customer; a consent row is never edited; phones
are stored normalised; a masked phone is said to be unreachable, never guessed.
"""
