"""``huitou customers``: everything about one customer, handed out or erased; their consents."""

import argparse
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from huitou.cli.words import gettext, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the subcommands."""
    ways = "export|erase|consents|consent|merge|unmerge"
    commands = parser.add_subparsers(dest="command", required=True, metavar=ways)
    export = commands.add_parser("export", help="write everything kept about them as JSON")
    export.add_argument("customer", metavar="CODE")
    export.add_argument("--page", action="store_true", help="a page to read (HTML) instead of JSON")
    export.add_argument("--out", type=Path, metavar="FILE", help="default: stdout")
    erase = commands.add_parser("erase", help="forget them in every room, for good")
    erase.add_argument("customer", metavar="CODE")
    erase.add_argument(
        "--confirm", default="", metavar="CODE", help="the code once more; else it is asked for"
    )
    erase.add_argument("--json", action="store_true")
    _add_consents(commands)
    _add_merges(commands)


def run(args: argparse.Namespace) -> int:
    """Run one of them."""
    now = datetime.now(UTC)
    work = {
        "export": _export,
        "erase": _erase,
        "consents": _consents,
        "consent": _consent,
        "merge": _merge,
        "unmerge": _unmerge,
    }
    return work[args.command](args, now)


def _add_consents(commands: Any) -> None:
    from huitou.customers.types import CHANNELS, PURPOSES, SOURCES_BY_HAND, STATES

    told = commands.add_parser("consents", help="show everything they said about being written to")
    told.add_argument("customer", metavar="CODE")
    told.add_argument("--json", action="store_true")
    say_so = commands.add_parser("consent", help="put on record what they said, with its proof")
    say_so.add_argument("customer", metavar="CODE")
    say_so.add_argument("--state", choices=STATES, required=True)
    say_so.add_argument("--channel", choices=CHANNELS, action="append", required=True)
    say_so.add_argument("--purpose", choices=PURPOSES, default="marketing")
    say_so.add_argument("--source", choices=SOURCES_BY_HAND, default="other")
    say_so.add_argument("--proof", default="", metavar="WORDS")
    say_so.add_argument("--reference", default="", metavar="WHERE", help="where the proof lies")
    say_so.add_argument("--on", type=date.fromisoformat, metavar="DAY", help="default: now")


def _consents(args: argparse.Namespace, now: datetime) -> int:
    from huitou.customers import queries

    rows = queries.consent_history(_known(args.customer))
    if args.json:
        said = [{**row._asdict(), "id": None} for row in rows]
        print(json.dumps(said, ensure_ascii=False, default=str, indent=2))
        return 0
    for row in rows:
        about = (row.channel, row.purpose, row.state, row.source or "-", row.evidence or "-")
        print(f"{row.stated_at:%Y-%m-%d %H:%M}Z", *about, sep="  ")
    return 0


def _consent(args: argparse.Namespace, now: datetime) -> int:
    from huitou.customers import services
    from huitou.customers.types import ConsentIn
    from huitou.kit.clock import zone
    from huitou.kit.ids import public_id
    from huitou.staff import queries as staff

    company = staff.company()
    consent = ConsentIn(
        channels=tuple(dict.fromkeys(args.channel)),
        purpose=args.purpose,
        state=args.state,
        source=args.source,
        key=public_id("con", now),
        evidence=args.proof,
        reference=args.reference,
        said_on=args.on,
    )
    services.record_consent(
        customer_id=_known(args.customer),
        consent=consent,
        user_id=None,
        zone=zone(company.zone if company else "UTC"),
        now=now,
    )
    say(gettext("It is on record."))
    return 0


def _add_merges(commands: Any) -> None:
    from huitou.customers.unions import CHOICES

    join = commands.add_parser("merge", help="join a second record of the same person to the first")
    join.add_argument("customer", metavar="CODE", help="the record that stays")
    join.add_argument("other", metavar="OTHER", help="the record that goes")
    join.add_argument(
        "--take", choices=sorted(CHOICES), action="append", default=[], help="where OTHER wins"
    )
    join.add_argument("--dry-run", action="store_true", help="show what would move, and stop")
    join.add_argument("--json", action="store_true")
    divide = commands.add_parser("unmerge", help="divide again what was joined last")
    divide.add_argument("customer", metavar="CODE")


def _merge(args: argparse.Namespace, now: datetime) -> int:
    from huitou.flows import merging

    kept_id, gone_id = _known(args.customer), _known(args.other)
    look = merging.preview(kept_id=kept_id, gone_id=gone_id, now=now)
    if look.refusal is not None:
        raise look.refusal
    if not args.dry_run:
        merging.merge(kept_id=kept_id, gone_id=gone_id, take=args.take, actor="cli", now=now)
    if args.json:
        print(json.dumps({"is_merged": not args.dry_run, "moves": dict(look.moves)}))
    elif args.dry_run:
        for part, count in look.moves.items():
            print(f"{count:>6}  {part}")
    else:
        say(gettext("They are one customer now."))
    return 0


def _unmerge(args: argparse.Namespace, now: datetime) -> int:
    from huitou.customers import errors, queries
    from huitou.flows import merging

    rows = queries.merges_of(_known(args.customer))
    last = next((row for row in rows if row.undone_at is None), None)
    if last is None:
        raise errors.MergeMissing
    merging.unmerge(merge_id=last.merge_id, actor="cli", now=now)
    say(gettext("They are two customers again, each as before."))
    return 0


def _known(code: str) -> int:
    from huitou.customers import errors, queries

    found = queries.by_code(code)
    if found is None:
        raise errors.NoSuchCustomer(customer=code)
    return found


def _export(args: argparse.Namespace, now: datetime) -> int:
    from huitou.flows import personal_data

    found = personal_data.handed_out_by_code(args.customer, actor="cli", now=now)
    text = _page(found) if args.page else json.dumps(found, ensure_ascii=False, indent=2)
    if args.out is None:
        print(text)
    else:
        args.out.write_text(text + "\n", encoding="utf-8")
        say(gettext("{file} is written.").format(file=args.out))
    return 0


def _page(found: Any) -> str:
    """The page to read, in the company's zone."""
    from django.utils import timezone

    from huitou.staff import queries as staff
    from huitou.ui import personal_data

    company = staff.company()
    with timezone.override(company.zone if company else "UTC"):
        return personal_data.page(found)


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
