"""``huitou points``: ask the ledger whether it adds up."""

import argparse
import json
from datetime import UTC, datetime
from typing import Any

from huitou.cli.words import gettext, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the subcommands."""
    commands = parser.add_subparsers(dest="command", required=True, metavar="verify")
    verify = commands.add_parser(
        "verify", help="check every invariant of the ledger, then seal its past"
    )
    verify.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    """Check; 1 if something does not hold, with what and how often."""
    from huitou.points import services

    audit = services.verify(now=datetime.now(UTC))
    if args.json:
        print(json.dumps(_json(audit), ensure_ascii=False))
        return 0 if audit.is_sound else 1
    if audit.is_sound:
        words = gettext("The ledger adds up: {transfers} transfers, every invariant holds.")
        say(words.format(transfers=f"{audit.transfers:,}"))
        return 0
    say(gettext("The ledger does not add up. Stop posting, keep a backup, ask for help:"))
    for breach in audit.breaches:
        example = "" if breach.example is None else f"  (id {breach.example})"
        say(f"  {breach.invariant}: {breach.times:,}{example}")
    return 1


def _json(audit: Any) -> dict[str, Any]:
    return {
        "sound": audit.is_sound,
        "transfers": audit.transfers,
        "sealed_upto": audit.sealed_upto,
        "breaches": [breach._asdict() for breach in audit.breaches],
    }
