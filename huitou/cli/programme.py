"""``huitou programme``: what orders earned is counted again, or brought up to date."""

import argparse
import json
from collections.abc import Sequence
from datetime import UTC, datetime

from huitou.cli.words import gettext, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the subcommands."""
    commands = parser.add_subparsers(dest="command", required=True, metavar="check|settle")
    check = commands.add_parser(
        "check", help="count everything earned again and compare it with the ledger"
    )
    check.add_argument("--json", action="store_true", help="print one JSON value on stdout")
    commands.add_parser("settle", help="let every order earn what it should; twice changes nothing")


def run(args: argparse.Namespace) -> int:
    """Run one of them; ``check`` answers 1 if something does not agree."""
    from huitou.kit.clock import civil_day, zone
    from huitou.programmes import queries, services
    from huitou.staff import queries as staff
    from huitou.staff.errors import NotSetUp

    now = datetime.now(UTC)
    company = staff.company()
    if company is None:
        raise NotSetUp
    if args.command == "settle":
        changed = services.settle_members(customer_ids=None, now=now)
        say(gettext("{count} orders changed what they earned.").format(count=changed))
        return 0
    found = queries.check(today=civil_day(now, zone(company.zone)), zone=company.zone)
    if args.json:
        print(json.dumps({"is_sound": found.is_sound, **found._asdict()}, ensure_ascii=False))
        return 0 if found.is_sound else 1
    say(gettext("{count} orders were counted again.").format(count=found.orders))
    parts: dict[str, Sequence[object]] = {
        gettext("Points are not what the money earns: {which}"): found.miscounted,
        gettext("The ledger was awarded something else for customers {which}"): found.unposted,
        gettext("The tier rests on other points for customers {which}"): found.mistold,
        gettext("Not settled yet: {which}"): found.unsettled,
    }
    for words, which in parts.items():
        if which:
            say(words.format(which=", ".join(map(str, which[:20]))))
    return 0 if found.is_sound else 1
