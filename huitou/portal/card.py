"""The member's card: tier, balance, what it is worth, what expires next, and its QR code."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from huitou.kit.money import Currency
from huitou.points import queries as points
from huitou.points.types import LotRow
from huitou.portal.access import member_of, member_only
from huitou.programmes import queries as programmes
from huitou.programmes.types import MemberRow, ProgrammeRow, Rules
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
    lots: list[LotRow]  # the soonest to expire first
    expiring: Expiring | None
    climb: Climb | None


@dataclass(frozen=True, slots=True)
class Standing:
    """The programme, its rules and the membership of one customer, read once for a page."""

    customer_id: int
    today: date
    currency: str
    programme: ProgrammeRow | None
    rules: Rules | None
    member: MemberRow | None  # None for who is none (any more)

    @property
    def tier_names(self) -> dict[str, str]:
        """How the tiers are called in the reader's language."""
        return {tier.code: tier_name(tier) for tier in self.rules.tiers} if self.rules else {}


@member_only
def card(request: HttpRequest) -> HttpResponse:
    """The card alone, large, for the till."""
    standing = standing_of(request)
    progress = programmes.progress(standing.customer_id, today=standing.today)
    context = {
        "card": card_of(standing),
        "keeps_until": progress.keeps_until if progress else None,
    }
    return render(request, "portal/card.html", context)


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


def standing_of(request: HttpRequest) -> Standing:
    """Where the signed-in customer stands."""
    customer_id = member_of(request).customer_id
    today = timezone.localdate()
    version = programmes.rules_on(today)
    member = programmes.member(customer_id)
    return Standing(
        customer_id=customer_id,
        today=today,
        currency=str(request.portal.currency),  # type: ignore[attr-defined]
        programme=programmes.programme(),
        rules=version.rules if version else None,
        member=member if member and member.left_at is None else None,
    )


def card_of(standing: Standing) -> Card | None:
    """The card of a member; ``None`` for who is none (any more)."""
    member, programme = standing.member, standing.programme
    if member is None or programme is None:
        return None
    account = points.account(programme.id, standing.customer_id, today=standing.today)
    lots = points.lots(programme.id, standing.customer_id, today=standing.today)
    return Card(
        number=member.card_number,
        joined_on=member.joined_on,
        tier=standing.tier_names.get(member.tier, ""),
        tier_code=member.tier,
        balance=max(account.usable, 0),
        owed=account.owed,
        worth_minor=worth_minor(account.usable, standing.rules, standing.currency),
        lots=lots,
        expiring=_expiring(lots, standing.today),
        climb=_climb(member, standing.rules),
    )


def worth_minor(balance: int, rules: Rules | None, currency: str) -> int:
    """What so many points pay for, in minor units, rounded down; 0 where points pay nothing."""
    if rules is None or rules.paying_ceiling_percent == 0 or balance <= 0:
        return 0
    one_major = int(10 ** Currency(currency).decimals)
    return balance * one_major // rules.points_for_one_major


def _expiring(lots: Sequence[LotRow], today: date) -> Expiring | None:
    days = [lot.expires_on for lot in lots if lot.expires_on is not None]
    if not days:
        return None
    first = min(days)
    together = sum(lot.points for lot in lots if lot.expires_on == first)
    return Expiring(together, first, (first - today).days)


def _climb(member: MemberRow, rules: Rules | None) -> Climb | None:
    """The way up, by the qualifying points as they were when the tier was last told: today."""
    reached = member.qualifying_points
    above = [tier for tier in rules.tiers if tier.from_points > reached] if rules else []
    if not above:
        return None
    following = min(above, key=lambda tier: tier.from_points)
    missing = following.from_points - reached
    return Climb(tier_name(following), missing, reached, following.from_points)
