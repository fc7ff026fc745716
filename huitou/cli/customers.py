"""``huitou customers``: everything about one customer, handed out or erased."""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from huitou.cli.words import gettext, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the subcommands."""
    commands = parser.add_subparsers(dest="command", required=True, metavar="export|erase")
    export = commands.add_parser("export", help="write everything kept about them as JSON")
    export.add_argument("customer", metavar="CODE")
    export.add_argument("--out", type=Path, metavar="FILE", help="default: stdout")
    erase = commands.add_parser("erase", help="forget them in every room, for good")
    erase.add_argument("customer", metavar="CODE")
    erase.add_argument(
        "--confirm", default="", metavar="CODE", help="the code once more; else it is asked for"
    )
    erase.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    """Run one of them."""
    now = datetime.now(UTC)
    return _export(args, now) if args.command == "export" else _erase(args, now)


def _export(args: argparse.Namespace, now: datetime) -> int:
    from huitou.flows import personal_data

    found = personal_data.handed_out_by_code(args.customer, actor="cli", now=now)
    text = json.dumps(found, ensure_ascii=False, indent=2)
    if args.out is None:
        print(text)
    else:
        args.out.write_text(text + "\n", encoding="utf-8")
        say(gettext("{file} is written.").format(file=args.out))
    return 0


def _erase(args: argparse.Namespace, now: datetime) -> int:
    from huitou.flows import erasure

    confirmed = args.confirm or _typed(args.customer)
    erased = erasure.erase(args.customer, confirmed=confirmed, actor="cli", now=now)
    if args.json:
        print(json.dumps(_json(erased), ensure_ascii=False))
    else:
        say(gettext("Everything about this customer is erased."))
    return 0


def _typed(code: str) -> str:
    """What a person at a terminal types; nothing where nobody sits at one."""
    if not sys.stdin.isatty():
        return ""
    say(gettext("This cannot be undone. Type {customer} to confirm.").format(customer=code))
    return input("> ")


def _json(erased: Any) -> dict[str, Any]:
    return {"customer_id": erased.customer_id, "rows": {k: dict(v) for k, v in erased.rows.items()}}
