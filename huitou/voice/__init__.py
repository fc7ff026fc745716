"""What customers told us: answers to surveys.

Words: answer, wave, satisfaction, recommendation, intention, expectation, perception, perceived
value, touchpoint. Invariants: an answer is never edited by us; (customer, answered at, wave) names
one answer; no answer is missing, never 0."""
