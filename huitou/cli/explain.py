"""``huitou explain``: why a customer has their scores."""

import argparse
import json
from datetime import UTC, datetime
from typing import Any


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument("customer", metavar="CUSTOMER", help="the customer's code, as in the file")
    parser.add_argument(
        "--json", action="store_true", help="codes and numbers instead of sentences"
    )


def run(args: argparse.Namespace) -> int:
    """Print every score of the customer with its reasons."""
    from huitou.audiences import queries as audiences
    from huitou.customers import errors as customer_errors
    from huitou.customers import queries as customers
    from huitou.flows import attitudes
    from huitou.insights import errors, explain, queries

    customer_id = customers.by_code(args.customer)
    if customer_id is None:
        raise customer_errors.NoSuchCustomer(customer=args.customer)
    latest = queries.latest_run()
    row = queries.score_of(customer_id) if latest is not None else None
    if latest is None or row is None:
        raise errors.NoRun
    measured = explain.Measured(
        latest.as_of, latest.horizon_days, latest.value_days, latest.model, latest.report
    )
    person = audiences.person(customer_id)
    if person is not None:
        row = {**attitudes.up_to_date(row, person, as_of=latest.as_of, now=datetime.now(UTC))}
    found = explain.explained(row, measured)
    if args.json:
        facts = {"customer": args.customer, "as_of": latest.as_of, "run": latest.public_id}
        facts["scores"] = [why.json() for why in found]
        print(json.dumps(facts, ensure_ascii=False, default=str))
        return 0
    currency = str(measured.part("money", "currency") or "CNY")
    _print(args.customer, str(latest.as_of), found, currency)
    return 0


def _print(customer: str, as_of: str, found: list[Any], currency: str) -> None:
    from django.utils import translation

    from huitou.settings import env
    from huitou.ui.explaining import told

    with translation.override(env.read().language):
        print(f"{customer}  {as_of}")
        for why in found:
            shown = told(why, currency=currency)
            print(f"\n{shown.title}: {shown.figure}")
            for text in shown.sentences:
                print(f"  {text}")
            for label, amount in shown.parts:
                print(f"    {label:<34} {amount:>12}")
