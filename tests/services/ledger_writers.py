"""A process whose threads post awards and redemptions for ever, and write down what was answered.

Run as ``python -m tests.services.ledger_writers FOLDER THREADS``. A request whose answer was lost
is sent again with the same key until there is an answer. A file called ``stop`` ends it."""

import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

PROGRAMME = 1
MEMBERS = 40


def main(folder: Path, threads: int) -> None:
    """Write until told to stop."""
    import django

    django.setup()
    writers = [threading.Thread(target=_write, args=(folder, number)) for number in range(threads)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()


def _write(folder: Path, number: int) -> None:
    from django.db import DatabaseError, connection

    from huitou.points import errors, services

    name = f"{time.time_ns()}-{number}"
    with (folder / f"answered-{name}").open("w") as answered:
        count = 0
        while not (folder / "stop").exists():
            count += 1
            entry = _entry(f"{name}-{count}", count)
            while not (folder / "stop").exists():
                try:
                    posted = services.post(PROGRAMME, [entry], now=datetime.now(UTC))[0]
                except errors.PointsShort:
                    break
                except DatabaseError:
                    connection.close()
                    time.sleep(0.05)
                else:
                    # In the hands of the system before the next: the killed server is not us.
                    answered.write(f"{entry.external_id} {posted.transfers[0]} {posted.balance}\n")
                    answered.flush()
                    break
    connection.close()


def _entry(key: str, count: int) -> object:
    from huitou.points.types import Award, Redeem

    now = datetime.now(UTC)
    member = 1 + count % MEMBERS
    if count % 5 == 0:
        return Redeem("kill", key, member, "points", 3, now)
    return Award("kill", key, member, "points", 1 + count % 7, now, now.date(), None, 1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
