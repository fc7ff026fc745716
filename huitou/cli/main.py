"""Find the command, run it, and turn what can fail into one line and an exit code."""

import argparse
import importlib
import json
import sys
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Final, NamedTuple

import huitou
from huitou.kit.errors import HuitouError

DONE: Final = 0
REFUSED: Final = 1
MISUSED: Final = 2


class Command(NamedTuple):
    """One command: its module has ``add_arguments(parser)`` and ``run(args) -> int``.

    It may have ``around_refusal(args)``: what its JSON holds beside an error, whatever it is.
    ``needs`` is what must be there first: ``tables`` (database with this version's tables),
    ``database``, ``settings`` (Django only), or ``nothing``.
    """

    name: str
    module: str
    words: str
    needs: str = "tables"


COMMANDS: Final = (
    Command("serve", "serve", "run the site, its worker and the database", "database"),
    Command("worker", "worker", "work on jobs: imports, nightly measurement"),
    Command("import", "imports", "bring in orders, customers or answers from a file"),
    Command("measure", "measure", "measure loyalty: layers, forecasts, index"),
    Command("export", "export", "write the scores to a CSV or Parquet file"),
    Command("customers", "customers", "hand out or erase everything about one customer; consents"),
    Command("explain", "explain", "say why a customer has their scores"),
    Command("messages", "messages", "see what leaves the house; lists for platforms, bounces"),
    Command("campaigns", "campaigns", "list campaigns, check a plan, say what one came to"),
    Command("programme", "programme", "count what orders earned again, bring it up to date"),
    Command("facts", "facts", "list what has happened and was not followed up, try it again"),
    Command("demo", "demo", "fill a data folder of its own with a made-up shop", "nothing"),
    Command("points", "points", "check that the ledger of points adds up"),
    Command("user", "users", "add the people who may sign in, change passwords"),
    Command("keys", "keys", "make and revoke keys for other systems"),
    Command("settings", "settings", "list, read and set the rules of the company"),
    Command("db", "db", "start, stop, back up and restore the database", "nothing"),
    Command("upgrade", "upgrade", "back up, then bring the tables to this version", "database"),
)
_BY_NAME: Final = {command.name: command for command in COMMANDS}


def run(argv: Sequence[str]) -> int:
    """Run the command line; the exit code is 0 done, 1 refused with a reason, 2 wrong usage."""
    command = _BY_NAME.get(argv[0]) if argv else None
    if command is None:
        return _run_overview(argv)
    module = importlib.import_module(f"huitou.cli.{command.module}")
    parser = argparse.ArgumentParser(
        prog=f"huitou {command.name}", description=_sentence(command.words)
    )
    module.add_arguments(parser)
    try:
        args = parser.parse_args(argv[1:])
    except SystemExit as left:
        return DONE if left.code in {0, None} else MISUSED
    return _run_command(command, module, args)


def _run_overview(argv: Sequence[str]) -> int:
    width = max(len(command.name) for command in COMMANDS) + 2
    listed = "\n".join(f"  {command.name:<{width}}{command.words}" for command in COMMANDS)
    parser = argparse.ArgumentParser(
        prog="huitou",
        description="Measure customer loyalty, act on it, prove what the acting earned.",
        epilog=f"commands:\n{listed}\n\nhuitou COMMAND --help says more about one of them.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"huitou {huitou.__version__}")
    parser.add_argument("command", choices=sorted(_BY_NAME), metavar="COMMAND")
    try:
        parser.parse_args(argv)
    except SystemExit as left:
        return DONE if left.code in {0, None} else MISUSED
    return MISUSED


def _run_command(command: Command, module: ModuleType, args: argparse.Namespace) -> int:
    from huitou.cli import opening

    as_json = bool(getattr(args, "json", False))
    try:
        needs = getattr(module, "needs", None)
        opening.prepare(needs(args) if needs else command.needs)
        return int(module.run(args))
    except KeyboardInterrupt:
        from huitou.cli.words import gettext

        _say(gettext("Stopped. What was not confirmed is not kept."))
        return REFUSED
    except BrokenPipeError:  # the reader of our output has gone: nobody to tell
        sys.stderr.close()
        return REFUSED
    except Exception as error:
        from huitou.platform import faults

        known = faults.known(error)
        if known is None:
            raise
        around = getattr(module, "around_refusal", None)
        report(known, as_json=as_json, around=around(args) if around else {})
        return REFUSED


def report(
    error: HuitouError, *, as_json: bool, around: Mapping[str, object] | None = None
) -> None:
    """One line on stderr; with ``as_json`` also the error as JSON on stdout, among the keys
    ``around`` it that the command promises whatever happens.
    """
    from huitou.cli.words import gettext

    words = error.words(gettext(error.message))
    if as_json:
        told = {"code": error.code, "message": words, "facts": error.facts}
        shown = {**(around or {}), "error": told}
        print(json.dumps(shown, ensure_ascii=False, default=str))
    _say(words)


def _say(words: str) -> None:
    print(f"huitou: {' '.join(words.split())}", file=sys.stderr)


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:] + "."
