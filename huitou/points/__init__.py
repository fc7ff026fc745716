"""The ledger of points.

Words: account, unit, transfer, lot, draw, award, redeem, expiry, claw-back, owed, held. Invariants:
a transfer moves whole points between two accounts of one programme and unit; the past is never
changed; a member's balance is the sum of the open lots less what is owed."""
