"""The reference loop: how fast this machine is, so that limits in seconds grow on a slower one."""

import time
from typing import Final

REFERENCE_SECONDS: Final = 0.125  # the loop on the machine on which the limits were written


def _loop() -> float:
    started = time.perf_counter()
    total = 0
    for number in range(5_000_000):
        total += number & 7
    assert total == 17_500_000
    return time.perf_counter() - started


def slowness() -> float:
    """How many times slower than the reference machine this one is, at least 1."""
    return max(1.0, min(_loop() for _ in range(3)) / REFERENCE_SECONDS)
