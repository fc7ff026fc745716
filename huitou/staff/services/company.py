"""The company, its stores and its calendar."""

import dataclasses
from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from huitou.kit.clock import zone as time_zone
from huitou.kit.money import Currency
from huitou.platform import audit, facts
from huitou.staff import errors, models, types
from huitou.staff.facts import CompanyChanged, DaysClosed, StoreAdded, StoreChanged
from huitou.staff.presets import industries

NAME_LENGTH = 200


def set_company(
    *, company: types.CompanyIn, has_orders: bool = False, actor: str, now: datetime
) -> None:
    """Describe the company, first or anew.

    ``has_orders`` says that orders exist in the company's currency: then it cannot change.

    Raises:
        CompanyInvalid: a name, zone, currency or industry that cannot be.
        CurrencyFixed: the currency would change under existing orders.
    """
    _check_company(company)
    after = dataclasses.asdict(company)
    with transaction.atomic():
        before = models.Company.objects.select_for_update().filter(id=1).values(*after).first()
        if before and has_orders and before["currency"] != company.currency:
            raise errors.CurrencyFixed(currency=before["currency"])
        models.Company.objects.update_or_create(
            id=1, defaults=after, create_defaults={**after, "created_at": now}
        )
        audit.note(
            actor=actor,
            action="set_company",
            subject="company",
            before=before,
            after=after,
            now=now,
        )
        facts.record(CompanyChanged(company.currency, company.zone))


def found_company(*, company: types.CompanyIn, store: str, actor: str, now: datetime) -> int:
    """Describe the company and its first store, both or neither; returns the store's id.

    Raises:
        CompanyInvalid, CurrencyFixed, StoreTaken: nothing is written.
    """
    with transaction.atomic():
        set_company(company=company, actor=actor, now=now)
        return add_store(code=store, actor=actor, now=now)


def add_store(
    *,
    code: str,
    name: str = "",
    zone: str | None = None,
    is_online: bool = False,
    actor: str,
    now: datetime,
) -> int:
    """Add a place of sale; its zone is the company's unless named. Returns its id.

    Raises:
        CompanyInvalid: the code is empty or the zone unknown.
        StoreTaken: a store has this code.
        NotSetUp: no zone is named and there is no company yet.
    """
    code = _named(code, field="store")
    if zone is not None:
        _check_zone(zone)
    with transaction.atomic():
        row = models.Store(
            code=code,
            name=_named(name, field="name") if name.strip() else code,
            zone=zone or _company_zone(),
            is_online=is_online,
            created_at=now,
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            raise errors.StoreTaken(store=code) from error
        after = {"code": code, "name": row.name, "zone": row.zone, "is_online": is_online}
        audit.note(
            actor=actor,
            action="add_store",
            subject=f"store:{row.pk}",
            before=None,
            after=after,
            now=now,
        )
        facts.record(StoreAdded(row.pk))
        return int(row.pk)


def change_store(
    *,
    code: str,
    name: str | None = None,
    zone: str | None = None,
    is_online: bool | None = None,
    actor: str,
    now: datetime,
) -> None:
    """Change what is said about a store; what is None stays.

    A new zone counts for orders imported from now on.

    Raises:
        StoreMissing: no store has this code.
        CompanyInvalid: the name cannot be, or the zone is unknown.
    """
    if zone is not None:
        _check_zone(zone)
    if name is not None:
        name = _named(name, field="name")
    with transaction.atomic():
        store = models.Store.objects.select_for_update().filter(code=code.strip()).first()
        if store is None:
            raise errors.StoreMissing(store=code)
        before = {"name": store.name, "zone": store.zone, "is_online": store.is_online}
        wanted = {"name": name, "zone": zone, "is_online": is_online}
        after = before | {field: value for field, value in wanted.items() if value is not None}
        models.Store.objects.filter(id=store.pk).update(**after)
        audit.note(
            actor=actor,
            action="change_store",
            subject=f"store:{store.pk}",
            before=before,
            after=after,
            now=now,
        )
        facts.record(StoreChanged(store.pk))


def ensure_stores(codes: Iterable[str], *, now: datetime) -> dict[str, int]:
    """The id of every store code; stores nobody has named yet are added with the company's zone.

    Raises:
        NotSetUp: a store must be added and there is no company yet.
    """
    wanted = sorted({code for code in codes if code})
    if not wanted:
        return {}
    with transaction.atomic(), connection.cursor() as cursor:
        known = set(models.Store.objects.filter(code__in=wanted).values_list("code", flat=True))
        fresh = [code for code in wanted if code not in known]
        if fresh:
            cursor.execute(
                "INSERT INTO staff_store (code, name, zone, is_online, created_at) "
                "SELECT code, code, %s, false, %s FROM unnest(%s::text[]) AS code "
                "ON CONFLICT (code) DO NOTHING RETURNING id",
                [_company_zone(), now, fresh],
            )
            for (store_id,) in cursor.fetchall():
                facts.record(StoreAdded(store_id))
        return dict(models.Store.objects.filter(code__in=wanted).values_list("code", "id"))


def close_days(
    *,
    days: Iterable[date],
    store_id: int | None = None,
    reason: str = "",
    actor: str,
    now: datetime,
) -> list[date]:
    """Mark civil days as closed in one store, or with no store in every store; returns those that
    were open before.

    Raises:
        CompanyInvalid: the reason is too long or unreadable.
    """
    wanted = sorted(set(days))
    reason = _named(reason, field="reason") if reason.strip() else ""
    with transaction.atomic():
        kept = _calendar(store_id).filter(day_on__in=wanted)
        known = set(kept.values_list("day_on", flat=True))
        fresh = [day for day in wanted if day not in known]
        rows = [models.ClosedDay(store_id=store_id, day_on=day, reason=reason) for day in fresh]
        models.ClosedDay.objects.bulk_create(rows, ignore_conflicts=True)
        if fresh:
            _note_days("close_days", store_id, fresh, actor, now)
        return fresh


def open_days(
    *, days: Iterable[date], store_id: int | None = None, actor: str, now: datetime
) -> list[date]:
    """Take closed days back; returns those that were closed."""
    with transaction.atomic():
        rows = _calendar(store_id).filter(day_on__in=set(days))
        gone = sorted(rows.values_list("day_on", flat=True))
        rows.delete()
        if gone:
            _note_days("open_days", store_id, gone, actor, now)
        return gone


def _calendar(store_id: int | None) -> QuerySet[models.ClosedDay]:
    rows = models.ClosedDay.objects.all()
    return rows.filter(store=None) if store_id is None else rows.filter(store_id=store_id)


def _note_days(
    action: str, store_id: int | None, days: list[date], actor: str, now: datetime
) -> None:
    subject = "calendar" if store_id is None else f"calendar:store:{store_id}"
    after = [day.isoformat() for day in days]
    audit.note(actor=actor, action=action, subject=subject, before=None, after=after, now=now)
    facts.record(DaysClosed(store_id, len(days) if action == "close_days" else -len(days)))


def _company_zone() -> str:
    zone = models.Company.objects.values_list("zone", flat=True).first()
    if zone is None:
        raise errors.NotSetUp
    return zone


def _check_company(company: types.CompanyIn) -> None:
    _named(company.name, field="name")
    _check_zone(company.zone)
    try:
        Currency(company.currency)
    except ValueError as error:
        raise errors.CurrencyUnknown(field="currency", value=company.currency) from error
    if company.industry not in industries.WINDOWS:
        known = ", ".join(industries.WINDOWS)
        raise errors.IndustryUnknown(field="industry", value=company.industry, known=known)


def _check_zone(name: str) -> None:
    try:
        time_zone(name)
    except ValueError as error:
        raise errors.ZoneUnknown(field="zone", value=name) from error


def _named(text: str, *, field: str) -> str:
    text = text.strip()
    if not text or len(text) > NAME_LENGTH or not text.isprintable():
        raise errors.NameInvalid(field=field, value=text[:40], most=NAME_LENGTH)
    return text
