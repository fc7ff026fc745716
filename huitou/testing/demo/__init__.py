"""A café chain that never was: customers drawn from published model families, with stories.

Visits follow the MBG/NBD family (Batislam, Denizel & Filiztekin 2007) in seasonal time: a
gamma-distributed visiting rate and a beta-distributed chance to stay away after each visit. Money
follows from baskets whose size differs from person to person. All people, stores and words are
invented; every number on a screen is computed from the rows, never copied from here. The same seed
and last day give the same bytes.
"""
