"""What customers told us: answers to surveys, and cases.

Words: answer, survey, wave, invitation, touchpoint, satisfaction, recommendation, intention,
expectation, perception, perceived value, case, promise. Invariants: an answer is never edited by
us; (customer, answered at, wave) names one answer; no answer is missing, never 0; an invitation is
answered once; whoever was looked at for a wave was asked or has a reason."""
