"""``huitou worker``: work on jobs until told to stop."""

import argparse
import logging

from huitou.settings import env as environment


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument("--once", action="store_true", help="work on what waits now, then leave")


def run(args: argparse.Namespace) -> int:
    """Work."""
    from huitou.platform import jobs

    logging.getLogger("huitou").setLevel(environment.read().log_level.upper())
    jobs.run_worker(wait=not args.once)
    return 0
