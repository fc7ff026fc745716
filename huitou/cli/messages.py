"""``huitou messages``: what leaves the house; lists for platforms out and back; bounced mails."""

import argparse
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from huitou.cli.words import gettext, say

if TYPE_CHECKING:
    from huitou.flows.reports import Plan

CHANNELS: Final = ("sms", "email", "wechat", "phone", "post", "app")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the subcommands."""
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="list|send|out|back|bounces|take|mailbox"
    )
    listed = commands.add_parser("list", help="how many wait, are in doubt, did not arrive")
    listed.add_argument("--json", action="store_true")
    commands.add_parser("send", help="send now what is due, as the worker does each minute")
    out = commands.add_parser("out", help="put what is due onto a list and write its file")
    out.add_argument("file", type=Path, metavar="FILE", help="CSV to write")
    out.add_argument("--channel", choices=CHANNELS, default="sms")
    out.add_argument("--source", default="", help="only messages of this, such as campaign:cmp_…")
    out.add_argument(
        "--list", default="", metavar="ID", help="write the file of an older list again"
    )
    back = commands.add_parser("back", help="bring back what a platform says became of them")
    back.add_argument("file", type=Path, metavar="FILE", help="CSV or workbook with status")
    back.add_argument("--channel", choices=CHANNELS, default="sms")
    back.add_argument("--list", default="", metavar="ID", help="the list it speaks of")
    bounces = commands.add_parser("bounces", help="take mails that came back from a mailbox")
    bounces.add_argument("file", type=Path, metavar="FILE", help="mbox, .eml or Maildir")
    back.add_argument(
        "--skip-rejected", action="store_true", help="leave out rows that cannot be read"
    )
    take = commands.add_parser("take", help="take one mail as it arrived, such as a bounce")
    take.add_argument("file", type=Path, metavar="FILE", help="the raw mail; - = from stdin")
    take.add_argument("--json", action="store_true")
    box = commands.add_parser("mailbox", help="read the mailbox of returned mail now")
    box.add_argument("--json", action="store_true")
    for one in (back, bounces):
        one.add_argument(
            "--dry-run", action="store_true", help="say what would change, write nothing"
        )
        one.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    """Run one of them."""
    now = datetime.now(UTC)
    if args.command == "list":
        return _list(args, now)
    if args.command == "send":
        return _send(now)
    if args.command == "out":
        return _out(args, now)
    if args.command == "take":
        return _take_mail(args, now)
    if args.command == "mailbox":
        return _mailbox(args, now)
    channel = "email" if args.command == "bounces" else args.channel
    return _take(args, channel, now)


def _list(args: argparse.Namespace, now: datetime) -> int:
    from huitou.flows import sending
    from huitou.platform.messages import queries

    rows = [row._asdict() for row in queries.counts()]
    lists = queries.latest_lists()
    trouble = sending.trouble("email", now=now)
    if args.json:
        shown = [{**row, "oldest_at": row["oldest_at"].isoformat()} for row in rows]
        open_lists = [
            {"list": one.public_id, "channel": one.channel, "waiting": one.waiting}
            for one in lists
            if one.waiting
        ]
        print(json.dumps({"messages": shown, "lists": open_lists, "email_trouble": trouble}))
        return 0
    if trouble:
        print(gettext(trouble), file=sys.stderr)
    for row in rows:
        oldest = f"{row['oldest_at']:%Y-%m-%d %H:%M}"
        print(f"{row['channel']}\t{row['state']}\t{row['messages']}\t{oldest}")
    for one in lists:
        if one.waiting:
            print(f"{one.public_id}\t{one.channel}\t{one.waiting}/{one.messages}")
    return 0


def _send(now: datetime) -> int:
    from huitou.flows import sending

    tally = sending.send_due(now)
    words = gettext("{sent} sent, {failed} failed, {refused} not sent, {later} later.")
    say(
        words.format(sent=tally.sent, failed=tally.failed, refused=tally.refused, later=tally.later)
    )
    return 0


def _out(args: argparse.Namespace, now: datetime) -> int:
    from huitou.flows import message_lists

    part = args.file.with_name(f".{args.file.name}.part")
    try:
        with part.open("wb") as out:  # a file that cannot be written makes no list
            list_id = args.list or message_lists.make(
                channel=args.channel, source=args.source, actor="cli", now=now
            )
            count = message_lists.write(list_id, out, now=now)
        part.replace(args.file)
    finally:
        part.unlink(missing_ok=True)
    words = gettext("List {list_id}: {count} messages in {file}.")
    say(words.format(list_id=list_id, count=count, file=args.file))
    return 0


def _take(args: argparse.Namespace, channel: str, now: datetime) -> int:
    from huitou.flows import reports

    list_id = getattr(args, "list", "")
    skips = channel == "email" or args.skip_rejected
    made = reports.plan(args.file, channel=channel, list_id=list_id, now=now)
    if not args.json:
        _say_rejected(made)
    if not args.dry_run:
        made = reports.apply(
            args.file, channel=channel, list_id=list_id, skip_rejected=skips, now=now
        )
    if args.json:
        print(json.dumps(_as_json(made, is_applied=not args.dry_run)))
        return 0
    for outcome, count in sorted(made.outcomes.items()):
        print(f"{outcome}\t{count}")
    words = gettext("{unchanged} unchanged, {unknown} not of ours, {impossible} too late.")
    say(
        words.format(
            unchanged=made.unchanged,
            unknown=len(made.unknown_lines),
            impossible=len(made.impossible_lines),
        )
    )
    return 0


def _say_rejected(made: "Plan") -> None:
    """The rows that change nothing, each with its line, its field and why."""
    from huitou.platform.messages.types import BAD_ROWS

    for row in made.rejected:
        why = gettext(BAD_ROWS[row.reason])
        print(f"{row.line}\t{row.field}\t{row.given}\t{why}", file=sys.stderr)


def _take_mail(args: argparse.Namespace, now: datetime) -> int:
    from huitou.flows import contacting, incoming

    raw = sys.stdin.buffer.read() if str(args.file) == "-" else args.file.read_bytes()
    letters = contacting.takes_letters(now=now)
    taken = incoming.take(raw, letters=letters, received_at=None, now=now)
    if args.json:
        print(json.dumps(asdict(taken)))
        return 0
    words = gettext("{kind}: {reports} reports of our messages, {unmatched} of others. {case}")
    say(
        words.format(
            kind=taken.kind, reports=taken.reports, unmatched=taken.unmatched, case=taken.case
        ).strip()
    )
    return 0


def _mailbox(args: argparse.Namespace, now: datetime) -> int:
    from huitou.flows import mailbox

    while mailbox.read(now):
        pass
    row, trouble = mailbox.state(), mailbox.trouble()
    if args.json:
        shown = {name: _plain(value) for name, value in asdict(row).items()} if row else None
        print(json.dumps({"mailbox": shown, "trouble": trouble}))
    elif row is None:
        say(gettext("No mailbox is set up: name one in HUITOU_IMAP_URL."))
    else:
        words = gettext(
            "{name}: {reports} reports, {unmatched} of no message of ours, {cases} cases."
        )
        say(
            words.format(
                name=row.name, reports=row.reports, unmatched=row.unmatched, cases=row.cases
            )
        )
    if trouble and not args.json:
        print(gettext(trouble), file=sys.stderr)
    return 1 if trouble else 0


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _as_json(made: "Plan", *, is_applied: bool) -> dict[str, Any]:
    return {
        "applied": is_applied,
        "channel": made.channel,
        "reports": made.reports,
        "outcomes": dict(made.outcomes),
        "unchanged": made.unchanged,
        "rejected": [
            {"line": one.line, "field": one.field, "value": one.given, "reason": one.reason}
            for one in made.rejected
        ],
        "unknown_lines": made.unknown_lines,
        "impossible_lines": made.impossible_lines,
        "dead_addresses": len(made.dead),
    }
