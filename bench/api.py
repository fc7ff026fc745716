"""The interface over HTTP: earn and redeem from 8 clients, against pgbench on the same server.

``huitou serve`` as people run it, keys and idempotency included, one connection a client. Each
client gives 10 points to a member at random, then takes 5 of them. pgbench is that of
``bench.points``: TPC-B, scale 50, ``-M prepared -j 2``, 8 clients.
"""

import http.client
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from bench.calibrate import slowness
from bench.points import _child, _environment, _pgbench
from bench.points.sizes import SECONDS

CLIENTS: Final = 8
MEMBERS: Final = 20_000
BAR: Final = 0.35
LIMIT_SECONDS: Final = 0.050
WARM_SECONDS: Final = 3


def run() -> list[dict[str, Any]]:
    """Requests a second against transactions of pgbench, and the slowest hundredth."""
    with tempfile.TemporaryDirectory(prefix="huitou-bench-") as folder:
        home = Path(folder) / "home"
        home.mkdir(mode=0o755)
        Path(folder).chmod(0o755)
        try:
            _child(home, "open")
            secret = _fill_in_child(home)
            reference = _pgbench(home, CLIENTS)
            port = _free_port()
            served = _serve(home, port)
            try:
                times = _measured(port, secret)
            finally:
                served.send_signal(signal.SIGTERM)
                served.wait(60)
        finally:
            _child(home, "stop")
    return _rows(times, reference)


def _rows(times: list[float], reference: float) -> list[dict[str, Any]]:
    rate = len(times) / SECONDS
    p99, limit = statistics.quantiles(times, n=100)[98], LIMIT_SECONDS * slowness()
    median = 1000 * statistics.median(times)
    seen = f"{rate:,.0f} requests/s from {CLIENTS} clients, pgbench {reference:,.0f} tps"
    slow = f"p99 {1000 * p99:.0f} ms of {1000 * limit:.0f} ms, median {median:.0f} ms"
    ratio = rate / reference
    return [
        {"name": "API earn and redeem, 8 clients, against pgbench", "ratio": ratio, "bar": BAR,
         "holds": ratio >= BAR, "detail": seen},
        {"name": "API earn and redeem, 8 clients, p99", "ratio": limit / p99, "bar": 1.0,
         "holds": limit >= p99, "detail": slow},
    ]  # fmt: skip


def _measured(port: int, secret: str) -> list[float]:
    """Seconds of every request, after a warm-up."""
    times: list[list[float]] = [[] for _ in range(CLIENTS)]
    faults: list[str] = []
    began = time.perf_counter() + WARM_SECONDS

    def client(number: int) -> None:
        try:
            _ask_until(port, secret, number, began, times[number])
        except Exception as error:
            faults.append(f"{type(error).__name__}: {error}")

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults, faults[0]
    return [seconds for some in times for seconds in some]


def _ask_until(port: int, secret: str, number: int, began: float, times: list[float]) -> None:
    """Ask on one connection; as little as can be is done here, the machine is the server's too."""
    chance, place, code = random.Random(number), 0, ""
    with socket.create_connection(("127.0.0.1", port)) as link:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while (now := time.perf_counter()) < began + SECONDS:
            path, points = ("redeem", 5) if place % 2 else ("earn", 10)
            code = code if place % 2 else f"M-{chance.randrange(MEMBERS)}"
            body = f'{{"customer": "{code}", "points": {points}, "reason": "bench"}}'
            head = (
                f"POST /api/v1/points/{path} HTTP/1.1\r\nHost: localhost\r\n"
                f"Authorization: Bearer {secret}\r\nContent-Type: application/json\r\n"
                f"Idempotency-Key: {number}-{place}\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            link.sendall((head + body).encode())
            answer = _answer(link)
            assert answer.startswith(b"HTTP/1.1 200"), answer
            if now >= began:
                times.append(time.perf_counter() - now)
            place += 1


def _answer(link: socket.socket) -> bytes:
    """One whole answer."""
    answer = link.recv(65_536)
    while b"\r\n\r\n" not in answer:
        answer += link.recv(65_536)
    head, _, body = answer.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += link.recv(65_536)
    return head + body


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
    """A company, its programme, its members and a key; returns the secret."""
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
    key = ApiKeyIn("bench", per_minute=100_000)
    return staff.add_key(key=key, actor="cli", now=now).secret


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huitou.settings")
    print(_fill())
