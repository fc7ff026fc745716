"""``huitou settings``: the company, its stores and calendar, and the dated rules."""

import argparse
import json
from datetime import UTC, date, datetime
from typing import Any

from huitou.cli import company
from huitou.cli.words import gettext, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the subcommands."""
    commands = parser.add_subparsers(dest="command", required=True, metavar="list|get|set")
    listed = commands.add_parser("list", help="everything that is set, with the day it began")
    one = commands.add_parser("get", help="one value, and since when")
    one.add_argument("name", help="such as windows, margin_percent, company.zone, store.S1.name")
    change = commands.add_parser("set", help="give one or more a value from a day on")
    change.add_argument(
        "pairs",
        nargs="+",
        metavar="NAME VALUE",
        help="such as: windows 45/90/180/360; company.name …; store.S1.name …; "
        "closed_days 2026-02-16..2026-02-22",
    )
    change.add_argument(
        "--from",
        dest="valid_from",
        type=date.fromisoformat,
        metavar="DATE",
        help="first day it counts; default today",
    )
    for sub in (one, change):
        sub.add_argument(
            "--scope", default="", help="such as category:coffee, order, contact, store:S1"
        )
    for sub in (listed, one):
        sub.add_argument(
            "--on", type=date.fromisoformat, metavar="DATE", help="as of this day; default today"
        )
    for sub in (listed, one, change):
        sub.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    """Run one of them."""
    now = datetime.now(UTC)
    if args.command == "set":
        return _set(args, now)
    on = args.on or company.today(now)
    rows = _all_rows(on)
    if args.command == "get":
        rows = [_one_row(args.name, args.scope, on)]
    if args.json:
        print(
            json.dumps(rows if args.command == "list" else rows[0], ensure_ascii=False, default=str)
        )
        return 0
    for row in rows:
        name = f"{row['name']} ({row['scope']})" if row["scope"] else row["name"]
        since = row["valid_from"] or ("" if row["is_set"] else "default")
        print(f"{name:<36} {_shown(row['value']):<32} {since}".rstrip())
    return 0


def _set(args: argparse.Namespace, now: datetime) -> int:
    from huitou.staff import errors, services, types

    if len(args.pairs) % 2:
        raise errors.NoValue(name=args.pairs[-1])
    pairs = list(zip(args.pairs[::2], args.pairs[1::2], strict=True))
    company.change([pair for pair in pairs if pair[0].startswith("company.")], now)
    for name, text in pairs:
        if name.startswith("company."):
            continue
        if name.startswith("store."):
            company.change_store(name, text, now)
        elif name == "closed_days":
            company.close_days(text, scope=args.scope, now=now)
        else:
            begins = args.valid_from or company.today(now)
            change = types.SettingChange(
                name,
                None if text.lower() == "none" else text,
                begins,
                args.scope,
                is_end=text.lower() == "default",
            )
            services.change_setting(change=change, actor="cli", now=now)
            words = gettext("{name} is {value} from {day}.")
            say(words.format(name=name, value=text, day=begins.isoformat()))
    return 0


def _all_rows(on: date) -> list[dict[str, Any]]:
    from huitou.staff import queries

    dated = [
        {
            "name": row.name,
            "scope": row.scope,
            "value": row.value,
            "valid_from": row.valid_from,
            "is_set": row.valid_from is not None,
        }
        for row in queries.settings_on(on)
    ]
    return company.rows() + dated


def _one_row(name: str, scope: str, on: date) -> dict[str, Any]:
    from huitou.staff import errors, queries
    from huitou.staff.presets import known

    for row in _all_rows(on):
        if (row["name"], row["scope"]) == (name, scope):
            return row
    setting = known.SETTINGS.get(name)
    if setting is None or not setting.takes(scope):
        raise errors.SettingUnknown(name=f"{name} ({scope})" if scope else name)
    value = queries.setting(name, on=on, scope=scope)
    return {"name": name, "scope": scope, "value": value, "valid_from": None, "is_set": False}


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    return "/".join(map(str, value)) if isinstance(value, list) else str(value)
