"""Run the benchmarks: ratios against a reference of the same run, into ``build/bench.json``."""

import importlib
import json
import os
import pkgutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

# Pinned before numpy loads: a ratio of one thread to one thread means something on any machine.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(name, "1")

Result = dict[str, object]
NOT_BENCHMARKS = {"__main__", "calibrate"}


def benchmarks(only: str) -> Iterator[tuple[str, Callable[[], list[Result]]]]:
    """Every ``bench/*.py`` with a ``run()``, or the one called ``only``."""
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if module.name in NOT_BENCHMARKS or (only and only != module.name):
            continue
        yield module.name, importlib.import_module(f"bench.{module.name}").run


def main(only: str = "") -> int:
    """Run, print and store; 1 if a bar does not hold, 2 if there is no such benchmark."""
    target = Path("build/bench.json")
    target.parent.mkdir(exist_ok=True)
    stored: dict[str, Result] = {}
    if only and target.exists():
        stored = {str(row["name"]): row for row in json.loads(target.read_text())}
    ran = 0
    for name, run in benchmarks(only):
        print(f"== {name}", file=sys.stderr, flush=True)
        for row in run():
            stored[str(row["name"])] = row
            ran += 1
            verdict = "holds" if row["holds"] else "FAILS"
            print(
                f"{verdict}  {row['name']}: {row['ratio']:.3g} (bar {row['bar']:.3g})",
                f" {row['detail']}",
                flush=True,
            )

        target.write_text(json.dumps(list(stored.values()), indent=1, ensure_ascii=False) + "\n")
    if not ran:
        print(f"no benchmark is called {only!r}", file=sys.stderr)
        return 2
    return 0 if all(row["holds"] for row in stored.values()) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
