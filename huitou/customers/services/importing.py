"""An import of customers, written in one transaction, and its way back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import pyarrow as pa
from django.db import connection

from huitou.customers import errors, models, names
from huitou.customers.facts import ImportApplied, ImportRolledBack
from huitou.customers.planning import CustomerPlan
from huitou.customers.services.forgetting import forget
from huitou.customers.services.naming import MANY
from huitou.customers.services.statements import rows, run
from huitou.customers.types import CustomerIn
from huitou.platform import facts
from huitou.platform.copying import copy_in

LOCK: Final = 7_341_001  # the same as that of orders: both add customers


def lock() -> None:
    """Wait until nobody else brings in a file; held until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def compare(plan: CustomerPlan, *, stores: Mapping[str, int]) -> dict[str, int]:
    """How many customers of the plan are new, changed and unchanged. In a transaction.

    Args:
        stores: id of every known store by its code.
    """
    run("open_customers")
    incoming = list(plan.customers.values())
    copy_in(_table(incoming), relation="customers_incoming")
    said = [
        (row.customer, channel, state, row.evidence)
        for row in incoming
        for channel, state in row.consents.items()
    ]
    columns = list(zip(*said, strict=True)) or [(), (), (), ()]
    heads = ("customer", "channel", "state", "evidence")
    consents = pa.table(
        {head: pa.array(column, pa.string()) for head, column in zip(heads, columns, strict=True)}
    )
    copy_in(consents, relation="customers_consent_incoming")
    run("find_incoming", {"source": plan.source, "uses_our_codes": plan.uses_our_codes})
    run("judge_incoming", _stores(stores))
    return dict.fromkeys(("new", "changed", "unchanged"), 0) | dict(rows("incoming_steps"))


def stores_to_write() -> list[str]:
    """The codes of the stores the compared customers are at home in."""
    return [row[0] for row in rows("incoming_stores")]


def apply(plan: CustomerPlan, *, stores: Mapping[str, int], import_id: int, now: datetime) -> None:
    """Write the new and changed customers of the compared plan; under the lock, in its
    transaction."""
    values = {**_stores(stores), "import_id": import_id, "now": now, "source": plan.source}
    run("keep_customer_images", values)
    changed = run("change_customers", values)
    new = run("add_customers", values)
    if len(plan.customers) >= MANY:
        run("take_stock")
    run("know_added_customers")
    run("add_incoming_identities", values)
    run("add_consents", values)
    facts.record(ImportApplied(import_id, new, changed))


def roll_back(*, import_id: int, in_use: Sequence[int]) -> tuple[int, int]:
    """Remove the customers the import added and restore those it changed; returns how many of each.

    Args:
        in_use: added customers who have orders or answers by now; they stay.

    Raises:
        RollbackBlocked: a later import changed some of them; ``imports`` names the ids.
    """
    lock()
    later = rows("customers_changed_later", {"import_id": import_id})
    if later:
        raise errors.RollbackBlocked(
            count=sum(row[1] for row in later), imports=[row[0] for row in later]
        )
    removed, restored = take_back(import_id=import_id, in_use=in_use)
    facts.record(ImportRolledBack(import_id, removed, restored))
    return removed, restored


def take_back(*, import_id: int, in_use: Sequence[int]) -> tuple[int, int]:
    """Undo what an import of any kind said of customers; what a later one changed stays."""
    restored = run("restore_customers", {"import_id": import_id})
    run("forget_customer_images", {"import_id": import_id})
    run("forget_consents", {"import_id": import_id})
    added = models.Customer.objects.filter(import_id=import_id).exclude(pk__in=list(in_use))
    removed = forget(customer_ids=list(added.values_list("pk", flat=True)), import_id=import_id)
    return removed, restored


def _stores(stores: Mapping[str, int]) -> dict[str, list[str] | list[int]]:
    return {"stores": list(stores), "store_ids": list(stores.values())}


def _table(incoming: Sequence[CustomerIn]) -> pa.Table:
    keys = [names.name_keys(row.name) if row.name else None for row in incoming]
    texts = {
        name: pa.array([getattr(row, name) for row in incoming], pa.string())
        for name in (
            "customer",
            "name",
            "kind",
            "phone",
            "phone_reversed",
            "email",
            "birth_calendar",
            "home_store",
            "acquired_from",
        )
    }
    return pa.table(
        {
            "line": pa.array([row.line for row in incoming], pa.int64()),
            **texts,
            "name_folded": pa.array([key and key.folded for key in keys], pa.string()),
            "name_pinyin": pa.array([key and key.pinyin for key in keys], pa.string()),
            "name_initials": pa.array([key and key.initials for key in keys], pa.string()),
            "phone_is_masked": pa.array([row.phone_is_masked for row in incoming], pa.bool_()),
            "birth_date": pa.array([row.birth_date for row in incoming], pa.date32()),
            "tags": pa.array([_array_text(row.tags) for row in incoming], pa.string()),
        }
    )


def _array_text(tags: Sequence[str] | None) -> str | None:
    """PostgreSQL's text of an array."""
    if tags is None:
        return None
    quoted = ('"' + tag.replace("\\", "\\\\").replace('"', '\\"') + '"' for tag in tags)
    return "{" + ",".join(quoted) + "}"
