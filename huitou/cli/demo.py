"""`huitou demo`: a shop to try things on, in a data folder of its own."""

import argparse
import json
import secrets
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from huitou.cli import errors, opening, progress
from huitou.settings import env as environment

if TYPE_CHECKING:
    from huitou.flows.demo import DemoShop
    from huitou.flows.types import RowSource

MARK: Final = "demo.json"  # in the data folder: what was loaded; no mark = not a demonstration's
SHOPS: Final = ("cafe", "cdnow")
DAYS_BETWEEN_RUNS: Final = 30  # an earlier measurement, so that movements are seen
PEOPLE: Final = (
    ("owner@example.com", "林晓舟", "owner"),
    ("manager@example.com", "周予安", "manager"),
    ("marketer@example.com", "许明朗", "marketer"),
    ("agent@example.com", "何秋白", "service_agent"),
    ("cashier@example.com", "陆小满", "cashier"),
    ("analyst@example.com", "沈知微", "analyst"),
)


@dataclass(frozen=True, slots=True)
class Filled:
    """What the mark says: which shop, its last day, and the password of everyone in it."""

    shop: str
    last_on: date
    password: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the subcommands."""
    commands = parser.add_subparsers(dest="command", required=True, metavar="load|serve")
    load = commands.add_parser("load", help="fill the data folder and measure")
    serve = commands.add_parser("serve", help="the same if it is not filled yet, then run the site")
    for sub in (load, serve):
        sub.add_argument("--shop", choices=SHOPS, default="cafe")
        sub.add_argument(
            "--customers", type=int, default=20_000, metavar="N", help="of the café chain"
        )
        sub.add_argument(
            "--fresh", action="store_true", help="throw the demonstration away and make it anew"
        )
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)


def run(args: argparse.Namespace) -> int:
    """Fill, measure, and with ``serve`` run the site.

    Raises:
        NotADemo: the data folder belongs to somebody's real data.
        OtherDemo: another shop is in it.
        PurchasesMissing: the file of the ``cdnow`` shop is not installed.
    """
    home = environment.read().home
    mark = home / MARK
    if args.fresh:
        _throw_away(home)
    opening.prepare("tables")
    filled = _read(mark)
    if filled is None:
        _refuse_real_data(home)
        filled = _fill(args, mark)
    elif filled.shop != args.shop:
        raise errors.OtherDemo(folder=str(home), shop=filled.shop)
    print(f"The shop “{filled.shop}” is in {home}, sales up to {filled.last_on}.")
    if args.command == "load":
        return 0
    _print_logins(filled)
    from huitou.cli import serve

    # Quiet: the address and the logins stay in sight.
    return serve.run(
        argparse.Namespace(
            host=args.host, port=args.port, workers=2, no_worker=False, log_level="warning"
        )
    )


def _fill(args: argparse.Namespace, mark: Path) -> Filled:
    from huitou.flows import (
        demo,
        demo_campaigns,
        demo_cases,
        demo_programme,
        demo_surveys,
        demo_till,
    )

    now = datetime.now(UTC)
    password = secrets.token_urlsafe(9)
    with tempfile.TemporaryDirectory() as folder, progress.console_reporter() as reporter:
        make = _cafe if args.shop == "cafe" else _cdnow
        shop, sources, last_on = make(Path(folder), now, args.customers)
        # The mark comes first: a demonstration cut short is still one, and may be thrown away.
        filled = Filled(args.shop, last_on, password)
        _write(mark, filled)
        try:
            demo.fill(shop, sources, password=password, now=now, reporter=reporter)
            if args.shop == "cafe":
                demo_programme.fill(last_on=last_on, now=now)
                demo_campaigns.fill(last_on=last_on)
                demo_till.fill(last_on=last_on)
            demo.measure_twice(last_on, days_between=DAYS_BETWEEN_RUNS, now=now, reporter=reporter)
            if args.shop == "cafe":
                demo_campaigns.judge(now=now)
                demo_surveys.fill(now=now)
                demo_cases.fill(now=now)
        except BaseException:
            _write(mark, filled, is_whole=False)
            raise
    return filled


def _cafe(
    folder: Path, now: datetime, customers: int
) -> "tuple[DemoShop, Sequence[RowSource], date]":
    from huitou.connectors.files.source import FileSource
    from huitou.flows.demo import DemoShop
    from huitou.staff.types import CompanyIn, UserIn
    from huitou.testing.demo import cafe, menu

    last_on = now.astimezone(ZoneInfo("Asia/Shanghai")).date() - timedelta(days=1)
    made = cafe.shop(last_on, customers=customers)
    paths = cafe.write(made, folder)
    shop = DemoShop(
        company=CompanyIn("回头咖啡", "Asia/Shanghai", "CNY", industry="cafe"),
        stores=[branch.name for branch in menu.BRANCHES],
        users=[UserIn(email, name, role) for email, name, role in PEOPLE],
        since=made.first,
        closed=made.closed,
        closed_reason="春节",
        settings=[("cost_to_serve_minor", "order", 60)],
    )
    sources = [
        FileSource(kind, "generic", paths[kind], paths[kind].name)
        for kind in ("customers", "orders", "answers")
    ]
    return shop, sources, last_on


def _cdnow(
    folder: Path, now: datetime, customers: int
) -> "tuple[DemoShop, Sequence[RowSource], date]":
    from huitou.connectors.files.source import FileSource
    from huitou.flows.demo import DemoShop
    from huitou.staff.types import CompanyIn, UserIn

    del folder, now, customers
    try:
        found = metadata.distribution("lifetimes").locate_file(
            "lifetimes/datasets/CDNOW_master.txt"
        )
    except metadata.PackageNotFoundError as error:
        raise errors.PurchasesMissing(package="lifetimes") from error
    path = Path(str(found))
    shop = DemoShop(
        company=CompanyIn("CDNOW", "America/New_York", "USD"),
        stores=["Web"],
        users=[UserIn(email, name, role) for email, name, role in PEOPLE],
        since=date(1997, 1, 1),
    )
    return shop, [FileSource("orders", "cdnow", path, path.name)], date(1998, 6, 30)


def _read(mark: Path) -> Filled | None:
    """What the mark says; a demonstration that was cut short counts as none."""
    try:
        said: Mapping[str, Any] = json.loads(mark.read_text())
    except FileNotFoundError:
        return None
    if not said.get("is_whole", True):
        raise errors.DemoUnfinished(folder=str(mark.parent))
    return Filled(said["shop"], date.fromisoformat(said["last_on"]), said["password"])


def _write(mark: Path, filled: Filled, *, is_whole: bool = True) -> None:
    said = {"shop": filled.shop, "last_on": str(filled.last_on), "password": filled.password}
    mark.touch(mode=0o600)
    mark.write_text(json.dumps(said | {"is_whole": is_whole}))


def _refuse_real_data(home: Path) -> None:
    from huitou.staff import queries

    if queries.company() is not None or queries.has_owner():
        raise errors.NotADemo(folder=str(home))


def _throw_away(home: Path) -> None:
    """Stop the database and remove what is in the folder, if it is a demonstration's. The secrets
    stay: the settings have read them, and the new database is made for them."""
    from huitou.platform.embedded import layout
    from huitou.platform.embedded.cluster import Cluster

    if environment.read().database_url or (home.exists() and not (home / MARK).exists()):
        raise errors.NotADemo(folder=str(home))
    if home.exists():
        Cluster(home).stop()
        for found in home.iterdir():
            if found.is_dir() and found.name != layout.SECRETS:
                shutil.rmtree(found)
            elif not found.is_dir():
                found.unlink()


def _print_logins(filled: Filled) -> None:
    print("\nSign in with one of these; the password of all is:", filled.password)
    for email, name, role in PEOPLE:
        print(f"  {email:<24}{role:<16}{name}")
    print(flush=True)
