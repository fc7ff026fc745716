"""Reads of campaigns."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from huitou.campaigns import errors, models
from huitou.campaigns.types import (
    NOT_REACHED,
    TREATED,
    CampaignRow,
    Counts,
    GlobalDraw,
    PersonLine,
)
from huitou.platform.statements import Statements

Ints = NDArray[np.int64]
_SQL: Final = Statements(__file__)
_FIELDS: Final = tuple(CampaignRow.__dataclass_fields__)
_TOLD: Final = 10  # of several with one theme
_SAID_NO: Final = ("withdrawn", "refused")
AT_WORK: Final = ("ready", "sending", "running")


class PersonOfCampaign(NamedTuple):
    """One person of a drawn audience: in which arm, or why not."""

    customer_id: int
    code: str | None  # None = since erased
    name: str | None
    arm: str
    reason: str
    coupon_code: str
    queued_at: datetime | None


class Sends(NamedTuple):
    """What became of the messages of a campaign, each counted once."""

    sent: int  # handed over, also where it came back or nobody knows
    waiting: int
    lost: int  # failed, or came back
    came_back: int  # of those lost: for good, nobody is there
    refused_before: int  # the receiver said no before it left
    unsubscribed: int  # people who said "no more" because of it, after it had left
    complained: int  # of those unsubscribed: told their provider that it is spam


class Drawn(NamedTuple):
    """People drawn in a campaign, and what may disturb what is read from them."""

    people: int
    in_others: int  # drawn in another campaign at the same time
    erased_treated: int  # since erased: what they bought is theirs no more
    erased_held_out: int


class CouponCounts(NamedTuple):
    """Coupons of one campaign, whatever else their batch was given out for."""

    given: int
    used: int
    discount_minor: int


class Around(NamedTuple):
    """What of the whole base matters to an audience: who shares an address with whom, and whom of
    it no marketing reaches in the year."""

    households: list[tuple[int, int]]  # (lowest id, other id)
    held_out: frozenset[int]


def campaigns(*, limit: int = 50, before: int | None = None) -> list[CampaignRow]:
    """The latest campaigns, newest first, those called off included."""
    rows = models.Campaign.objects.order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [CampaignRow(*row) for row in rows.values_list(*_FIELDS)[:limit]]


def one(public_id: str) -> CampaignRow:
    """The campaign with this id.

    Raises:
        NoSuchCampaign: there is none.
    """
    row = models.Campaign.objects.filter(public_id=public_id).values_list(*_FIELDS).first()
    if row is None:
        raise errors.NoSuchCampaign(campaign=public_id)
    return CampaignRow(*row)


def called(name: str) -> CampaignRow:
    """The campaign with this public id, else the one with this theme.

    Raises:
        NoSuchCampaign: there is none.
        SeveralCampaigns: more than one has this theme.
    """
    given = Q(public_id=name) | Q(theme=name)
    rows = models.Campaign.objects.filter(given).order_by("-id").values_list(*_FIELDS)[:_TOLD]
    found = [CampaignRow(*row) for row in rows]
    exact = [row for row in found if row.public_id == name] or found
    if not exact:
        raise errors.NoSuchCampaign(campaign=name)
    if len(exact) > 1:
        ids = ", ".join(row.public_id for row in exact)
        raise errors.SeveralCampaigns(theme=name, campaigns=ids)
    return exact[0]


def by_id(campaign_ids: Iterable[int]) -> dict[int, CampaignRow]:
    """Campaigns by their inner id."""
    rows = models.Campaign.objects.filter(id__in=list(campaign_ids)).values_list(*_FIELDS)
    return {row[0]: CampaignRow(*row) for row in rows}


def at_work() -> list[CampaignRow]:
    """Campaigns that wait for their hour, are being sent, or whose window is open; oldest first."""
    rows = models.Campaign.objects.filter(state__in=AT_WORK).order_by("id")
    return [CampaignRow(*row) for row in rows.values_list(*_FIELDS)]


def counts(campaign_ids: Sequence[int]) -> dict[int, Counts]:
    """How the audiences of these campaigns fell apart; a campaign not yet drawn is left out."""
    found: dict[int, Counts] = {}
    for campaign_id, arm, reason, people, units, queued in _SQL.rows(
        "counts", {"campaign_ids": list(campaign_ids)}
    ):
        before = found.get(campaign_id, Counts())
        found[campaign_id] = _with(before, arm, reason, people, units, queued)
    return found


def _with(before: Counts, arm: str, reason: str, people: int, units: int, queued: int) -> Counts:
    kept = {name: getattr(before, name) for name in Counts.__dataclass_fields__}
    if arm == NOT_REACHED:
        return Counts(**kept | {"not_reached": {**before.not_reached, reason: people}})
    if arm == TREATED:
        return Counts(**kept | {"treated": people, "treated_units": units, "queued": queued})
    return Counts(**kept | {"held_out": people, "held_out_units": units})


def people(
    campaign_id: int, *, arm: str = "", reason: str = "", after: int = 0, limit: int = 50
) -> list[PersonOfCampaign]:
    """People of a drawn campaign with their arm or the reason, a page in the order of their ids."""
    values = {"campaign_id": campaign_id, "arm": arm, "reason": reason, "after": after,
              "limit": limit}  # fmt: skip
    return [PersonOfCampaign(*row) for row in _SQL.rows("people", values)]


def lines_of(
    customer_id: int, *, limit: int = 20, after: tuple[datetime, int] | None = None
) -> list[PersonLine]:
    """The campaigns one customer was in the audience of, newest first: drawn how, or why not;
    ``after`` = drawn before this instant, or then and with a smaller id."""
    found = models.Assignment.objects.filter(customer_id=customer_id)
    found = found.order_by("-campaign__drawn_at", "-campaign_id")
    if after is not None:
        found = found.filter(campaign__drawn_at__lte=after[0]).exclude(
            campaign__drawn_at=after[0], campaign_id__gte=after[1]
        )
    rows = found.values_list(
        "campaign__public_id", "campaign__theme", "campaign__channel", "arm", "reason",
        "campaign__drawn_at", "coupon_code", "campaign_id",
    )[:limit]  # fmt: skip
    return [PersonLine(*row) for row in rows]


def open_theme_of(customer_id: int) -> str | None:
    """The theme of a campaign the customer was drawn for whose result is still open; ``None`` if
    there is none."""
    found = models.Assignment.objects.filter(
        customer_id=customer_id, campaign__state__in=AT_WORK, campaign__drawn_at__isnull=False
    )
    return found.order_by("-campaign_id").values_list("campaign__theme", flat=True).first()


def households() -> list[tuple[int, int]]:
    """Pairs (lowest id, other id) of customers who share a phone or an e-mail address."""
    return [(first, other) for first, other in _SQL.rows("households")]


def global_draw(year: int) -> GlobalDraw | None:
    """The draw of the global control group of a year; None if none was made."""
    row = next(iter(_SQL.rows("global_draw", {"year": year})), None)
    return GlobalDraw(row[0], str(row[1]), *row[2:]) if row else None


def around(year: int, customer_ids: Sequence[int]) -> Around:
    """Households of everybody, and those of these customers no marketing reaches in the year."""
    rows = _SQL.rows("around", {"year": year, "customer_ids": list(customer_ids)})
    return Around(
        [(first, other) for what, first, other in rows if what == "household"],
        frozenset(customer_id for what, customer_id, _none in rows if what == "held_out"),
    )


def globally_held_out(year: int, customer_ids: Sequence[int]) -> set[int]:
    """Those of these customers no marketing reaches in the year."""
    rows = models.GlobalUnit.objects.filter(
        year=year, is_held_out=True, customer_id__in=list(customer_ids)
    )
    return set(rows.values_list("customer_id", flat=True))


def newcomers(year: int) -> Ints:
    """Customers who are not yet in the draw of the year."""
    return np.array([row[0] for row in _SQL.rows("newcomers", {"year": year})], dtype=np.int64)


def sends(source: str) -> Sends:
    """What became of the messages of one source so far: no outcome, so it may be shown early."""
    rows = _SQL.rows("sends", {"source": source})

    def of(*states: str) -> int:
        return sum(row[2] for row in rows if row[0] in states)

    return Sends(
        sent=of("sent", "bounced", "in_doubt")
        + sum(row[2] for row in rows if row[:2] == ("failed", "came_back_for_now")),
        waiting=of("queued", "sending"),
        lost=of("failed", "bounced"),
        came_back=of("bounced"),
        refused_before=sum(row[2] for row in rows if row[0] == "refused" and row[1] in _SAID_NO),
        unsubscribed=sum(row[3] for row in rows),
        complained=sum(row[4] for row in rows),
    )


def coupons(campaign_id: int) -> CouponCounts:
    """The coupons that went out with a campaign's messages, and what they took off so far."""
    return CouponCounts(*map(int, _SQL.rows("coupons", {"campaign_id": campaign_id})[0]))


def drawn(campaign_id: int) -> Drawn:
    """The people drawn in a campaign, and what may disturb what is read from them."""
    return Drawn(*map(int, _SQL.rows("drawn", {"campaign_id": campaign_id})[0]))
