"""How large the benchmark of the ledger is."""

import os
from datetime import date

SECONDS = int(os.environ.get("HUITOU_BENCH_SECONDS", "20"))
SCALE = 50
MEMBERS = 100_000
ROUNDS = 3
ROUNDS_OF_SMALL = 7  # a tenth of a second each
PROGRAMME = 1
FIRST_DAY = date(2026, 1, 1)
AUDITED = 5_000_000
FIRST_IMPORT = 1_000_000  # so many orders come into an empty ledger
