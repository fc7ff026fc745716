"""Who a file means: customers found by identity or code, and added if nobody knows them."""

from datetime import datetime
from typing import Any, Final

import pyarrow as pa

from huitou.customers import names, rules
from huitou.customers.services.statements import rows, run
from huitou.platform.copying import copy_in

MANY: Final = 5_000  # rows written at once that the planner should know of


def ensure_named(
    *, named: pa.Table, source: str, uses_our_codes: bool, import_id: int | None, now: datetime
) -> pa.Table:
    """Find or add every customer of ``named``; set-based, in the current transaction.

    Args:
        named: customer (as the file names them, each once), name, phone, email; "" = not said.
        source: whose names these are.
        uses_our_codes: whether the names are the house's own codes; a platform's nicks are not,
            and two platforms may call two people the same.

    Returns:
        customer, customer_id.
    """
    run("open_naming")
    copy_in(_with_keys(named), relation="customers_naming")
    run("find_by_identity", {"source": source})
    if uses_our_codes:
        run("find_by_code")
    run("add_named", {"source": source, "import_id": import_id, "now": now})
    if named.num_rows >= MANY:
        run("take_stock")
    run("know_added")
    run("add_identities", {"source": source})
    if any(any(named.column(name).to_pylist()) for name in ("name", "phone", "email")):
        if import_id is not None:
            run("keep_filled_images", {"import_id": import_id})
        run("fill_named")
    found = rows("named")
    customer, customer_id = list(zip(*found, strict=True)) or [(), ()]
    return pa.table(
        {
            "customer": pa.array(customer, pa.string()),
            "customer_id": pa.array(customer_id, pa.int64()),
        }
    )


def _with_keys(named: pa.Table) -> pa.Table:
    said: list[Any] = named.column("name").to_pylist()
    known = {name: names.name_keys(name) for name in set(said)}
    keys = [known[name] for name in said]
    phones = [rules.phone(text) if text else None for text in named.column("phone").to_pylist()]
    emails = [
        (rules.email(text) or "") if text else "" for text in named.column("email").to_pylist()
    ]
    texts: dict[str, Any] = {
        "customer": named.column("customer"),
        "name": named.column("name"),
        "name_folded": [key.folded for key in keys],
        "name_pinyin": [key.pinyin for key in keys],
        "name_initials": [key.initials for key in keys],
        "phone": [phone.number if phone else "" for phone in phones],
        "phone_reversed": [phone.reversed_digits if phone else "" for phone in phones],
        "phone_is_masked": [bool(phone and phone.is_masked) for phone in phones],
        "email": emails,
    }
    columns = {
        name: pa.array(column, pa.bool_() if name == "phone_is_masked" else pa.string())
        if isinstance(column, list)
        else column
        for name, column in texts.items()
    }
    return pa.table(columns)
