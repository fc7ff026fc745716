"""Whoever adds a column that says whose a row is adds it to what a customer gets and loses.

That each of them is filled, handed out and gone afterwards is tested at the door of the erasure.
"""

from django.apps import apps

from huitou.flows.personal_data import PARTS

# What a customer's number is called where it is no foreign key.
NAMES = {"unit_id", "redeemed_by_id"}


def columns() -> set[tuple[str, str]]:
    """Every column of our tables that holds a customer's number."""
    found = set()
    for model in apps.get_models():
        if not model.__module__.startswith("huitou."):
            continue
        for field in model._meta.concrete_fields:
            to = field.related_model
            is_customer = to is not None and to._meta.label == "customers.Customer"
            if is_customer or field.attname.endswith("customer_id") or field.attname in NAMES:
                found.add((model._meta.db_table, field.attname))
    return found


def test_every_column_with_a_customers_number_is_handed_out_and_erased() -> None:
    known, there = set(PARTS), columns()
    assert there - known == set(), "name its part in flows.personal_data.PARTS, and erase it"
    assert known - there == set(), "there is no such column any more"
