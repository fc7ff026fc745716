"""The interface over HTTP: earn and redeem from 8 clients, against pgbench on the same server.

``huitou serve`` as people run it, keys and idempotency included; eight tills with a key and a
connection of their own, as the description advises. Each gives 10 points to a member at random,
then takes 5 of them. pgbench is that of ``bench.points``: TPC-B, scale 50, ``-M prepared -j 2``, 8
clients. Both take turns in short rounds; the ratio is the median of the rounds, each against
pgbench just before and after it. Only a quiet machine says it: beside other work pgbench, which
needs the processors more, loses more than the interface, and the ratio looks better than it is."""

import http.client
import os
import random
import re
import selectors
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, NamedTuple

from bench.calibrate import slowness
from bench.points import _environment, _pgbench, opened_home
from bench.points.sizes import SECONDS

CLIENTS: Final = 8
MEMBERS: Final = 20_000
BAR: Final = 0.35
LIMIT_SECONDS: Final = 0.050
WARM_SECONDS: Final = 3
ROUNDS: Final = 5
_LENGTH: Final = re.compile(rb"content-length: (\d+)", re.I)


class _Round(NamedTuple):
    """What one round saw: seconds of every request, and pgbench before and after."""

    times: list[float]
    seconds: float
    reference: float

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds


def run() -> list[dict[str, Any]]:
    """Requests a second against transactions of pgbench, and the slowest hundredth."""
    with opened_home() as home:
        secrets = _fill_in_child(home).split()
        port = _free_port()
        served = _serve(home, port)
        try:
            rounds = _rounds(home, port, secrets)
        finally:
            served.send_signal(signal.SIGTERM)
            served.wait(60)
    return _rows(rounds)


def _rounds(home: Path, port: int, secrets: list[str]) -> list[_Round]:
    seconds = max(SECONDS / ROUNDS, 1.0)
    asks = [_asks(number, secret) for number, secret in enumerate(secrets)]
    _measured(port, asks, WARM_SECONDS)
    rounds, before = [], _pgbench(home, CLIENTS, round(seconds))
    for _ in range(ROUNDS):
        times = _measured(port, asks, seconds)
        after = _pgbench(home, CLIENTS, round(seconds))
        rounds.append(_Round(times, seconds, (before + after) / 2))
        before = after
    return rounds


def _rows(rounds: list[_Round]) -> list[dict[str, Any]]:
    ratio = statistics.median(each.rate / each.reference for each in rounds)
    rate = statistics.median(each.rate for each in rounds)
    reference = statistics.median(each.reference for each in rounds)
    times = [seconds for each in rounds for seconds in each.times]
    p99, limit = statistics.quantiles(times, n=100)[98], LIMIT_SECONDS * slowness()
    median = 1000 * statistics.median(times)
    seen = f"{rate:,.0f} requests/s from {CLIENTS} clients, pgbench {reference:,.0f} tps"
    slow = f"p99 {1000 * p99:.0f} ms of {1000 * limit:.0f} ms, median {median:.0f} ms"
    return [
        {"name": "API earn and redeem, 8 clients, against pgbench", "ratio": ratio, "bar": BAR,
         "holds": ratio >= BAR, "detail": seen},
        {"name": "API earn and redeem, 8 clients, p99", "ratio": limit / p99, "bar": 1.0,
         "holds": limit >= p99, "detail": slow},
    ]  # fmt: skip


def _asks(number: int, secret: str) -> Iterator[bytes]:
    """What one till sends, one request after the other."""
    chance, place = random.Random(number), 0
    while True:
        code = f"M-{chance.randrange(MEMBERS)}"
        for path, points in (("earn", 10), ("redeem", 5)):
            body = f'{{"customer": "{code}", "points": {points}, "reason": "bench"}}'
            yield (
                f"POST /api/v1/points/{path} HTTP/1.1\r\nHost: localhost\r\n"
                f"Authorization: Bearer {secret}\r\nContent-Type: application/json\r\n"
                f"Idempotency-Key: {number}-{place}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
            ).encode()
            place += 1


class _Till:
    """One connection, and the request that it waits for."""

    def __init__(self, port: int, asks: Iterator[bytes]) -> None:
        self.link = socket.create_connection(("127.0.0.1", port))
        self.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._asks, self._came, self._sent_at = asks, b"", 0.0

    def ask(self) -> None:
        self._sent_at = time.perf_counter()
        self.link.sendall(next(self._asks))

    def answered(self) -> float | None:
        """The seconds it took; None while the answer is not whole."""
        self._came += self.link.recv(65_536)
        head, ended, body = self._came.partition(b"\r\n\r\n")
        if not ended or len(body) < int(_LENGTH.search(head)[1]):  # type: ignore[index]
            return None
        assert head.startswith(b"HTTP/1.1 200"), self._came
        self._came = b""
        return time.perf_counter() - self._sent_at


def _measured(port: int, asks: list[Iterator[bytes]], seconds: float) -> list[float]:
    """Seconds of every request that all tills together sent in this time.

    As little as can be is done here, the machine is the server's too."""
    times: list[float] = []
    with selectors.DefaultSelector() as waiting:
        tills = [_Till(port, each) for each in asks]
        end = time.perf_counter() + seconds
        for till in tills:
            waiting.register(till.link, selectors.EVENT_READ, till)
            till.ask()
        open_count = len(tills)
        while open_count:
            for key, _ in waiting.select():
                if (took := key.data.answered()) is None:
                    continue
                if time.perf_counter() < end:
                    times.append(took)
                    key.data.ask()
                else:
                    open_count -= 1
        for till in tills:
            till.link.close()
    return times


def _serve(home: Path, port: int) -> subprocess.Popen[bytes]:
    served = subprocess.Popen(
        [sys.executable, "-m", "huitou", "serve", "--port", str(port)],
        env=_environment(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(120):
        time.sleep(0.5)
        try:
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            link.request("GET", "/api/v1/openapi.json")
            if link.getresponse().status == 200:
                return served
        except OSError:
            continue
    served.kill()
    raise TimeoutError("the site did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _fill_in_child(home: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bench.api"],
        env=_environment(home),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout.splitlines()[-1]


def _fill() -> str:
    """A company, its programme, its members and a key for each till; returns the secrets."""
    import django

    django.setup()
    from huitou.customers.models import Customer
    from huitou.programmes import services as programmes
    from huitou.programmes.types import Rules
    from huitou.staff import services as staff
    from huitou.staff.types import ApiKeyIn, CompanyIn

    now = datetime.now(UTC)
    staff.set_company(company=CompanyIn("Bench", "Asia/Shanghai", "CNY"), actor="cli", now=now)
    programmes.start(
        name="Bench", rules=Rules(Fraction(1)), valid_from=now.date(), actor="cli", now=now
    )
    made = Customer.objects.bulk_create(
        [Customer(code=f"M-{n}", created_at=now) for n in range(MEMBERS)], batch_size=5_000
    )
    programmes.enrol(customer_ids=[row.pk for row in made], source="api", joined_at=now)
    keys = [ApiKeyIn(f"till {number}", per_minute=100_000) for number in range(CLIENTS)]
    return " ".join(staff.add_key(key=key, actor="cli", now=now).secret for key in keys)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huitou.settings")
    print(_fill())
