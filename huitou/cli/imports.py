"""``huitou import``: bring in a file, list what came in, take one back."""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from huitou.connectors.files.source import FileSource
    from huitou.connectors.files.types import Dialect, Inspection
    from huitou.flows.types import Result

KINDS: Final = ("orders", "customers", "answers")
SHOWN: Final = 20  # rejections on a terminal; --json has a thousand


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the subcommands."""
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="orders|customers|answers|list|rollback"
    )
    for kind in KINDS:
        _describe(commands.add_parser(kind, help=f"bring in a file of {kind}"), kind)
    listed = commands.add_parser("list", help="what was brought in, newest first")
    listed.add_argument("--limit", type=_how_many, default=20, metavar="N")
    back = commands.add_parser("rollback", help="put everything back as it was before an import")
    back.add_argument("import_id", metavar="ID", help="such as imp_…, as the list shows it")
    for sub in (listed, back):
        sub.add_argument("--json", action="store_true")


def run(args: argparse.Namespace) -> int:
    """Run one of them."""
    if args.command == "list":
        return _list(args)
    if args.command == "rollback":
        return _roll_back(args)
    return _bring_in(args)


def around_refusal(args: argparse.Namespace) -> dict[str, Any]:
    """The keys that ``--json`` of a file promises, also when the house cannot be opened."""
    from huitou.flows.types import Result

    return Result(kind=args.command).as_json() if args.command in KINDS else {}


def _describe(parser: argparse.ArgumentParser, kind: str) -> None:
    add = parser.add_argument
    add(
        "file",
        type=Path,
        metavar="FILE",
        help="CSV, TSV, text, XLSX, XLS, Parquet; also packed by gzip",
    )
    add("--preset", help="the shop system that wrote it; found by its header if not named")
    add(
        "--source",
        default="",
        help="name of the source; order numbers are unique in it (default: the preset)",
    )
    add(
        "--mapping",
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        help="which column of the file is which field; again for each, or a JSON object",
    )
    add("--dry-run", action="store_true", help="check everything, write nothing")
    add(
        "--skip-rejected",
        action="store_true",
        help="leave out rows that cannot get in, and write them to a file",
    )
    add(
        "--rejects",
        default="",
        metavar="PATH",
        help="where that file goes (default: the data folder)",
    )
    if kind == "orders":
        add(
            "--anonymous",
            choices=("keep", "reject"),
            default="keep",
            help="sales without a customer",
        )
        add("--store", default="", help="the store of rows that name none")
        add(
            "--currency",
            default="",
            help="of rows that name none (default: the preset's or the company's)",
        )
    if kind == "answers":
        add(
            "--scale",
            default="",
            help="how satisfaction is numbered, from worst to best, such as 1-5",
        )
    add("--encoding", help="such as utf-8, gb18030")
    add("--delimiter", help="one character, tab, or blanks")
    add("--quote", help="the character around texts")
    add("--header-line", type=int, metavar="N", help="the line of the column names; 0 = none")
    add("--date-order", choices=("ymd", "dmy", "mdy"))
    add("--decimal", dest="decimal_mark", choices=(".", ","), help="the decimal mark")
    add("--sheet", help="the worksheet of a workbook")
    add("--json", action="store_true", help="the result as JSON on stdout")


def _bring_in(args: argparse.Namespace) -> int:
    from huitou.flows import imports
    from huitou.flows.errors import ImportStopped
    from huitou.flows.types import Result, Wishes
    from huitou.platform import faults, logs

    wishes = Wishes(
        source=args.source,
        skip_rejected=args.skip_rejected,
        anonymous=getattr(args, "anonymous", "keep"),
        currency=getattr(args, "currency", "").upper(),
        store=getattr(args, "store", ""),
        scale=getattr(args, "scale", ""),
        rejects_path=args.rejects,
    )
    try:
        source, found = _source(args)
        with logs.bound(actor="cli"), _reporter(args) as reporter:
            now = datetime.now(UTC)
            if args.dry_run:
                result = imports.preview(source, wishes, now=now, reporter=reporter)
            else:
                result = imports.run(source, wishes, actor="cli", now=now, reporter=reporter)
    except (Exception, KeyboardInterrupt) as error:
        known = ImportStopped() if isinstance(error, KeyboardInterrupt) else faults.known(error)
        if known is None or not args.json:  # then the caller finds the words
            raise
        facts = {name: str(fact) for name, fact in known.facts.items()}
        shown = {"code": known.code, "message": str(known), "facts": facts}
        _print_json(Result(kind=args.command, error=shown))
        print(f"huitou: {known}", file=sys.stderr)
        return 1
    if args.json:
        _print_json(result)
    else:
        _print_result(result, found, is_dry=args.dry_run)
    return 0 if _is_done(result, is_dry=args.dry_run) else 1


def _is_done(result: "Result", *, is_dry: bool) -> bool:
    return result.error is None and (result.applied or is_dry)


def _source(args: argparse.Namespace) -> "tuple[FileSource, Inspection]":
    from huitou.connectors.files import reading
    from huitou.connectors.files.errors import ColumnMissing
    from huitou.connectors.files.source import FileSource

    found = reading.inspect(
        args.file, kind=args.command, preset=args.preset, overrides=_dialect(args)
    )
    chosen = _mapping(args.mapping)
    mapping = {name: column for name, column in {**found.mapping, **chosen}.items() if column}
    for refusal in found.refusals:
        if not (
            chosen and isinstance(refusal, ColumnMissing)
        ):  # then reading says what is still missing
            raise refusal
    source = FileSource(
        kind=args.command,
        preset=found.preset,
        path=args.file,
        file_name=args.file.name,
        dialect=found.dialect.as_json(),
        mapping=mapping,
        options={"currency": getattr(args, "currency", "").upper() or None},
    )
    return source, found


def _dialect(args: argparse.Namespace) -> "Dialect":
    from huitou.connectors.files.types import Dialect

    delimiter = {"tab": "\t", "\\t": "\t"}.get(args.delimiter or "", args.delimiter)
    return Dialect(
        encoding=args.encoding,
        delimiter=delimiter,
        quote=args.quote,
        header_line=args.header_line,
        date_order=args.date_order,
        decimal_mark=args.decimal_mark,
        sheet=args.sheet,
    )


def _mapping(given: list[str]) -> dict[str, str]:
    """``FIELD=COLUMN`` pairs or JSON objects, the later over the earlier.

    Raises:
        MappingWrong: neither of the two.
    """
    from huitou.flows.errors import MappingWrong

    mapping: dict[str, str] = {}
    for text in given:
        if text.lstrip().startswith("{"):
            try:
                mapping |= {str(field): str(column) for field, column in json.loads(text).items()}
            except ValueError:
                raise MappingWrong(text=text) from None
            continue
        field, sign, column = text.partition("=")
        if not sign or not field.strip():
            raise MappingWrong(text=text)
        mapping[field.strip()] = column.strip()
    return mapping


def _reporter(args: argparse.Namespace) -> Any:
    from huitou.cli.progress import console_reporter

    return console_reporter(quiet=args.json and not sys.stderr.isatty())


def _print_json(result: "Result") -> None:
    print(json.dumps(result.as_json(), ensure_ascii=False, default=str))


def _print_result(result: "Result", found: "Inspection", *, is_dry: bool) -> None:
    _print_known_share(result)
    dialect = ", ".join(
        f"{name} {setting!r}"
        for name, setting in found.dialect.as_json().items()
        if setting not in {None, False}
    )
    print(f"Read as {found.preset}: {dialect}")
    rows, things = result.rows, result.things
    print(f"Rows: {_counted(rows)}, {rows.rejected:,} rejected, {rows.ignored:,} ignored")
    print(f"{result.kind.capitalize()}: {_counted(things)}, {things.rejected:,} rejected")
    for note in result.notes:
        print(f"Note: {note['code']} {json.dumps(note['facts'], ensure_ascii=False)}")
    for rejection in result.rejections[:SHOWN]:
        print(
            f"  line {rejection.line}, {rejection.field}: {rejection.value!r}: {rejection.reason}"
        )
    if rows.rejected > SHOWN:
        print(f"  … {rows.rejected - SHOWN:,} more")
    if result.rejections_file:
        print(f"Rejected rows are in {result.rejections_file}; mend them and import that file.")
    if is_dry:
        print("Nothing was written: this was a dry run.")
    elif result.applied:
        print(f"Applied as {result.import_id}.")
    elif result.error:
        print(f"huitou: {result.error['message']}", file=sys.stderr)


def _print_known_share(result: "Result") -> None:
    known = result.figures.get("known_customer")
    if not known or result.figures.get("known_customer_share") is None:
        return
    from huitou.kit.money import Currency, major_text

    currency = Currency(result.figures["currency"])
    known_money, all_money = (
        major_text(known[name], currency) for name in ("known_minor", "net_minor")
    )
    print(
        f"Sales with a known customer: {result.figures['known_customer_share']:.1%} "
        f"({known_money} of {all_money} {currency.code}; "
        f"{known['known_orders']:,} of {known['orders']:,} orders)"
    )


def _counted(counts: Any) -> str:
    return f"{counts.new:,} new, {counts.changed:,} changed, {counts.unchanged:,} unchanged"


def _how_many(text: str) -> int:
    """A whole number from 1; argparse tells the user of a ValueError."""
    number = int(text)
    if not 1 <= number <= 1_000_000:
        raise ValueError(text)
    return number


def _list(args: argparse.Namespace) -> int:
    from huitou.flows import imports
    from huitou.platform.imports import queries

    imports.heal(now=datetime.now(UTC))
    found = queries.latest(limit=args.limit)
    if args.json:
        names = (
            "public_id",
            "kind",
            "source",
            "preset",
            "file_name",
            "state",
            "counts",
            "created_at",
        )
        print(
            json.dumps(
                [{name: getattr(row, name) for name in names} for row in found],
                ensure_ascii=False,
                default=str,
            )
        )
        return 0
    for row in found:
        counts = row.counts or {}
        rows = f"{counts.get('new', 0):,} new, {counts.get('changed', 0):,} changed"
        print(
            f"{row.public_id}  {row.created_at:%Y-%m-%d %H:%M}  {row.kind:<9} {row.state:<11} "
            f"{row.file_name}: {rows}"
        )
    return 0


def _roll_back(args: argparse.Namespace) -> int:
    from huitou.flows import imports
    from huitou.platform import logs
    from huitou.platform.progress import Silent

    with logs.bound(actor="cli"):
        result = imports.roll_back(
            args.import_id, actor="cli", now=datetime.now(UTC), reporter=Silent()
        )
    if args.json:
        counts = {"removed": result.things.new, "restored": result.things.changed}
        print(json.dumps({"import_id": args.import_id, "rolled_back": True, **counts}))
    else:
        print(
            f"Rolled back: {result.things.new:,} {result.kind} removed, "
            f"{result.things.changed:,} put back as they were."
        )
    return 0
