"""How loyal, how valuable, how close to leaving: every measure, with its evidence.

Words: run, summary, layer, stage, band, calibration, cohort, index, level, risk, value at risk.
Invariants: one run uses one model for every column; the same inputs give the same bits; a share has
its interval and its denominator; missing is never 0; a score can say why.
"""
