"""The undated part of ``huitou settings``: the company, its stores, its calendar."""

import dataclasses
from datetime import date, datetime
from typing import Any

from huitou.cli.words import gettext, say

YES = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


def today(now: datetime) -> date:
    """The company's civil day; UTC's while there is no company."""
    from huitou.kit.clock import civil_day, zone
    from huitou.staff import queries

    found = queries.company()
    return civil_day(now, zone(found.zone if found else "UTC"))


def rows() -> list[dict[str, Any]]:
    """The company and the stores as rows of the list."""
    from huitou.staff import queries

    found = queries.company()
    listed = []
    if found is not None:
        for name in ("name", "zone", "currency", "industry", "is_one_off"):
            listed.append(_row(f"company.{name}", getattr(found, name)))
    for store in queries.stores():
        for name in ("name", "zone", "is_online"):
            listed.append(_row(f"store.{store.code}.{name}", getattr(store, name)))
    return listed


def change(pairs: list[tuple[str, str]], now: datetime) -> None:
    """Describe the company: all of name, zone and currency the first time, later any of them."""
    from huitou.flows import company
    from huitou.staff import errors, queries, types

    if not pairs:
        return
    found = queries.company()
    fields = [field.name for field in dataclasses.fields(types.CompanyIn)]
    values = {name: getattr(found, name) for name in fields} if found else {}
    for name, text in pairs:
        field = name.removeprefix("company.")
        if field not in fields:
            raise errors.SettingUnknown(name=name)
        values[field] = _yes(name, text) if field == "is_one_off" else text
    if not {"name", "zone", "currency"} <= set(values):
        raise errors.NotSetUp
    company.describe(company=types.CompanyIn(**values), actor="cli", now=now)
    words = gettext("The company is {name}, {zone}, {currency}.")
    say(words.format(**{name: values[name] for name in ("name", "zone", "currency")}))


def change_store(name: str, text: str, now: datetime) -> None:
    """Add or change a store: ``store.CODE.name``, ``.zone`` or ``.is_online``."""
    from huitou.staff import errors, queries, services

    code, _, field = name.removeprefix("store.").rpartition(".")
    if not code or field not in {"name", "zone", "is_online"}:
        raise errors.SettingUnknown(name=name)
    value = _yes(name, text) if field == "is_online" else text
    is_known = any(store.code == code for store in queries.stores())
    save: Any = services.change_store if is_known else services.add_store
    save(code=code, actor="cli", now=now, **{field: value})
    say(gettext("{name} is {value}.").format(name=name, value=text))


def close_days(text: str, *, scope: str, now: datetime) -> None:
    """Close a day (2026-02-16) or a span (2026-02-16..2026-02-22) in one store or all."""
    from huitou.staff import errors, queries, services

    try:
        first, _, last = text.partition("..")
        days = queries.span_days(date.fromisoformat(first), date.fromisoformat(last or first))
    except ValueError as error:
        raise errors.NotSpan(name="closed_days", most=queries.LONGEST_CLOSURE_DAYS) from error
    store_id = None
    if scope:
        ids = {f"store:{store.code}": store.id for store in queries.stores()}
        if scope not in ids:
            raise errors.StoreMissing(store=scope.removeprefix("store:"))
        store_id = ids[scope]
    new = services.close_days(days=days, store_id=store_id, actor="cli", now=now)
    say(gettext("{count} days are closed that were open.").format(count=len(new)))


def _row(name: str, value: Any) -> dict[str, Any]:
    return {"name": name, "scope": "", "value": value, "valid_from": None, "is_set": True}


def _yes(name: str, text: str) -> bool:
    from huitou.staff import errors

    if text.lower() not in YES:
        raise errors.NotYesOrNo(name=name)
    return YES[text.lower()]
