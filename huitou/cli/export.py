"""``huitou export``: the scores of the measurement in force, one row per customer."""

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument("what", choices=["scores"], help="what to write")
    parser.add_argument("file", metavar="FILE", type=Path, help="NAME.csv or NAME.parquet")
    parser.add_argument(
        "--excel", action="store_true", help="mark a CSV so that Excel shows Chinese as it is"
    )


def run(args: argparse.Namespace) -> int:
    """Write the file whole or not at all; the rows are in the order of the customers' codes."""
    from huitou.connectors.files import writing
    from huitou.insights import queries

    table = queries.scores_table()
    writing.write_table(table, args.file, for_excel=args.excel)
    print(f"{args.file}: {table.num_rows:,}")
    return 0
