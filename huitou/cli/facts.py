"""``huitou facts``: what has happened and has still to be followed up."""

import argparse
import json
from datetime import UTC, datetime

from huitou.cli.words import gettext, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the subcommands."""
    commands = parser.add_subparsers(dest="command", required=True, metavar="waiting|retry")
    waiting = commands.add_parser("waiting", help="what has still to be followed up, and why")
    waiting.add_argument("--failed", action="store_true", help="only what has failed")
    waiting.add_argument("--limit", type=int, default=100, help="at most so many; default 100")
    waiting.add_argument("--json", action="store_true", help="print one JSON value on stdout")
    commands.add_parser("retry", help="try everything that failed again now")


def run(args: argparse.Namespace) -> int:
    """Run one of them; ``retry`` answers 1 if something still fails."""
    from huitou.platform import followups

    if args.command == "retry":
        return _retry()
    rows = followups.waiting(only_failed=args.failed, limit=max(args.limit, 1))
    if args.json:
        print(json.dumps([row._asdict() for row in rows], ensure_ascii=False, default=str))
        return 0
    for row in rows:
        due = row.due_at.isoformat(timespec="seconds") if row.due_at else "now"
        print(f"{row.fact_id}\t{row.name}\t{row.follower}\t{row.attempts}\t{due}\t{row.error}")
    if not rows:
        say(gettext("Everything that has happened was followed up."))
    return 0


def _retry() -> int:
    from huitou.flows.following import follow
    from huitou.platform import followups

    followups.retry_all()
    well = follow(datetime.now(UTC))
    waiting, _stuck = followups.counts()
    words = gettext("{well} followed up, {waiting} still waiting.")
    say(words.format(well=well, waiting=waiting))
    return 1 if waiting else 0
