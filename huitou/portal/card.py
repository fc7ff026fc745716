"""The member's card: tier, balance, what it is worth, what expires next, and its QR code."""

import io
from dataclasses import dataclass
from datetime import date

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from huitou.kit.money import Currency
from huitou.points import queries as points
from huitou.portal.access import member_of, member_only
from huitou.programmes import queries as programmes
from huitou.programmes.types import MemberRow, Rules, TierProgress
from huitou.ui.rule_words import tier_name


@dataclass(frozen=True, slots=True)
class Expiring:
    """The points that expire on the next day on which any do."""

    points: int
    on: date
    days: int  # from today


@dataclass(frozen=True, slots=True)
class Climb:
    """The way to the next tier."""

    tier: str
    missing_points: int
    points: int
    needed_points: int

    @property
    def percent(self) -> int:
        """How far, 0 to 100."""
        return min(100, 100 * self.points // self.needed_points) if self.needed_points else 100


@dataclass(frozen=True, slots=True)
class Card:
    """A card as its owner sees it."""

    number: str
    joined_on: date
    tier: str  # in words; "" without a ladder
    tier_code: str
    balance: int  # what can be spent today
    owed: int
    worth_minor: int  # of the balance, when paying with points
    expiring: Expiring | None
    climb: Climb | None
    keeps_until: date | None


@member_only
def card(request: HttpRequest) -> HttpResponse:
    """The card alone, large, for the till."""
    found = card_of(member_of(request).customer_id, currency=_currency(request))
    return render(request, "portal/card.html", {"card": found})


@member_only
def qr(request: HttpRequest) -> HttpResponse:
    """The number of the card as a drawing a scanner reads."""
    member = programmes.member(member_of(request).customer_id)
    if member is None or member.left_at is not None:
        return HttpResponse(status=404)
    drawing = io.BytesIO()
    code = segno.make(member.card_number, error="m", micro=False)
    code.save(drawing, kind="svg", scale=8, border=2, dark="#14110e", light="#ffffff")
    return HttpResponse(drawing.getvalue(), content_type="image/svg+xml")


def card_of(customer_id: int, *, currency: str) -> Card | None:
    """The card of a member; ``None`` for who is none (any more)."""
    member = programmes.member(customer_id)
    programme = programmes.programme()
    if member is None or member.left_at is not None or programme is None:
        return None
    today = timezone.localdate()
    account = points.account(programme.id, customer_id, today=today)
    version = programmes.rules_on(today)
    rules = version.rules if version else Rules(points_per_major=0)  # type: ignore[arg-type]
    progress = programmes.progress(customer_id, today=today) if rules.tiers else None
    return Card(
        number=member.card_number,
        joined_on=member.joined_on,
        tier=_tier_of(member, rules),
        tier_code=member.tier,
        balance=max(account.usable, 0),
        owed=account.owed,
        worth_minor=worth_minor(account.usable, rules, currency),
        expiring=_expiring(programme.id, customer_id, today),
        climb=_climb(progress),
        keeps_until=progress.keeps_until if progress else None,
    )


def worth_minor(balance: int, rules: Rules, currency: str) -> int:
    """What so many points pay for, in minor units, rounded down; 0 where points pay nothing."""
    if rules.paying_ceiling_percent == 0 or rules.points_for_one_major <= 0 or balance <= 0:
        return 0
    one_major = 10 ** Currency(currency).decimals
    return int(balance * one_major // rules.points_for_one_major)


def _tier_of(member: MemberRow, rules: Rules) -> str:
    return next((tier_name(tier) for tier in rules.tiers if tier.code == member.tier), "")


def _expiring(programme_id: int, customer_id: int, today: date) -> Expiring | None:
    lots = [
        lot
        for lot in points.lots(programme_id, customer_id, today=today)
        if lot.expires_on is not None
    ]
    if not lots:
        return None
    first = min(lot.expires_on for lot in lots if lot.expires_on)
    together = sum(lot.points for lot in lots if lot.expires_on == first)
    return Expiring(together, first, (first - today).days)


def _climb(progress: TierProgress | None) -> Climb | None:
    if progress is None or progress.next_tier is None:
        return None
    return Climb(
        tier_name(progress.next_tier),
        progress.missing_points,
        progress.qualifying_points,
        progress.next_tier.from_points,
    )


def _currency(request: HttpRequest) -> str:
    return str(request.portal.currency)  # type: ignore[attr-defined]
