"""Two records that are one person become one, and two again.

The other rooms have handed over what is theirs before; here the profile is made one, what was said
and done moves, and the second record goes. Its code finds the first from then on.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from huitou.customers import errors, models, unions
from huitou.customers.facts import CustomerMerged, CustomerUnmerged
from huitou.customers.services.signing_in import close_sessions
from huitou.customers.services.statements import rows, run
from huitou.platform import audit, facts

_TABLES: Final = ("identity", "consent", "contact", "merge")


def merge(
    *,
    kept_id: int,
    gone_id: int,
    take: Collection[str],
    moved: Mapping[str, Any],
    actor: str,
    now: datetime,
) -> int:
    """Join the second record to the first; the id of the merge. In the caller's transaction, after
    the rooms above have handed over.

    Args:
        take: choices of ``unions.CHOICES`` in which the second record wins.
        moved: ids the rooms above moved, to be kept for the way back.

    Raises:
        MergeSame, NoSuchCustomer: nothing is written.
    """
    kept, gone = _locked(kept_id, gone_id)
    before, other = _image(kept_id), _image(gone_id)
    further = models.Address.objects.filter(customer_id__in=[kept_id, gone_id]).order_by("pk")
    addresses = list(further.values_list("customer_id", "kind", "value", "value_reversed"))
    chosen = unions.union(_values(kept), _values(gone), take)
    others = unions.other_addresses(
        _values(kept), _values(gone), [row[1:] for row in addresses], chosen
    )
    ids = {name: _move(name, gone_id, kept_id) for name in _TABLES}
    if chosen["email"] != kept.email:  # whoever signed in by the old address may be somebody else
        close_sessions(customer_id=kept_id)
    close_sessions(customer_id=gone_id)
    further.delete()
    models.Customer.objects.filter(pk=gone_id).delete()
    models.Customer.objects.filter(pk=kept_id).update(**chosen)
    _put_addresses(kept_id, others)
    row = models.Merge.objects.create(
        customer_id=kept_id,
        gone_customer_id=gone_id,
        gone_code=gone.code,
        kept_before=before,
        kept_after=_image(kept_id),
        gone_before=other,
        moved={**moved, **ids, "addresses": addresses, "others": others},
        state={},
        merged_at=now,
        merged_by=actor,
    )
    _note("merge_customers", row, actor, now)
    facts.record(CustomerMerged(row.pk, kept_id, gone_id))
    return int(row.pk)


def keep_state(*, merge_id: int, state: Mapping[str, int]) -> None:
    """How much stands in every part of the joined record: what is more later has happened since."""
    models.Merge.objects.filter(pk=merge_id).update(state=dict(state))


def unmerge(*, merge_id: int, actor: str, now: datetime) -> None:
    """Make two of one again, each as it was. In the caller's transaction, before the rooms above
    take back what they handed over.

    Raises:
        MergeMissing, MergeNotLast, MergeChanged: nothing is written.
    """
    row = models.Merge.objects.select_for_update().filter(pk=merge_id, undone_at=None).first()
    if row is None:
        raise errors.MergeMissing
    kept_id, gone_id = row.customer_id, row.gone_customer_id
    later = models.Merge.objects.filter(customer_id=kept_id, undone_at=None, pk__gt=merge_id)
    if later.exists():
        raise errors.MergeNotLast
    kept = models.Customer.objects.select_for_update().filter(pk=kept_id)
    kept.values_list("pk", flat=True).first()  # whoever is changing it is waited for
    if _image(kept_id) != row.kept_after or _others(kept_id) != _tuples(row.moved["others"]):
        raise errors.MergeChanged(parts="profile")
    run("bring_back", {"image": json.dumps(row.gone_before)})
    run("put_back", {"image": json.dumps(row.kept_before)})
    for name in _TABLES:
        _move(name, kept_id, gone_id, only=row.moved[name])
    models.Address.objects.filter(customer_id=kept_id).delete()
    for customer_id in (kept_id, gone_id):
        of_one = [entry[1:] for entry in row.moved["addresses"] if entry[0] == customer_id]
        _put_addresses(customer_id, of_one)
    close_sessions(customer_id=kept_id)
    row.undone_at, row.undone_by = now, actor
    row.kept_before = row.kept_after = row.gone_before = row.moved = {}  # each has their own again
    row.save()
    _note("unmerge_customers", row, actor, now)
    facts.record(CustomerUnmerged(merge_id, kept_id, gone_id))


def _locked(kept_id: int, gone_id: int) -> tuple[models.Customer, models.Customer]:
    if kept_id == gone_id:
        raise errors.MergeSame
    found = models.Customer.objects.select_for_update().filter(pk__in=[kept_id, gone_id])
    by_id = {row.pk: row for row in found.order_by("pk")}
    for wanted in (kept_id, gone_id):
        if wanted not in by_id:
            raise errors.NoSuchCustomer(customer=wanted)
    return by_id[kept_id], by_id[gone_id]


def _values(row: models.Customer) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def _image(customer_id: int) -> Any:
    return json.loads(rows("image", {"customer_id": customer_id})[0][0])


def _move(name: str, customer_id: int, to: int, *, only: Sequence[int] | None = None) -> list[int]:
    values = {"customer_id": customer_id, "to": to, "only": None if only is None else list(only)}
    return [row[0] for row in rows(f"move_{name}", values)]


def _others(customer_id: int) -> list[tuple[str, str, str]]:
    found = models.Address.objects.filter(customer_id=customer_id).order_by("pk")
    return list(found.values_list("kind", "value", "value_reversed"))


def _tuples(entries: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    return [tuple(entry) for entry in entries]


def _put_addresses(customer_id: int, entries: Sequence[Sequence[str]]) -> None:
    models.Address.objects.bulk_create(
        models.Address(customer_id=customer_id, kind=kind, value=value, value_reversed=back)
        for kind, value, back in entries
    )


def _note(action: str, row: models.Merge, actor: str, now: datetime) -> None:
    audit.note(
        actor=actor,
        action=action,
        subject=f"customer:{row.customer_id}",
        before=None,
        after={"merge": row.pk, "other": row.gone_customer_id},  # numbers: the trail outlives them
        now=now,
    )
