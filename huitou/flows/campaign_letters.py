"""What one person would read: a campaign's message, filled in from the rooms that know them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext

from huitou.audiences import queries as audiences
from huitou.campaigns import merging
from huitou.campaigns.types import CampaignRow
from huitou.flows import contacting
from huitou.flows.contacting import House
from huitou.kit.clock import civil_day, zone
from huitou.platform.messages import texts
from huitou.points import queries as points
from huitou.programmes import queries as programmes
from huitou.staff import errors as staff_errors
from huitou.staff import queries as staff
from huitou.staff.types import CompanyRow
from huitou.ui import figures

MARKETING: Final = "marketing"
EXAMPLE_CODE: Final = "XXXX-XXXX-XXXX"
# Customers are written to in Chinese, as the messages of the house are.
LANGUAGE: Final = "zh-hans"


@dataclass(frozen=True, slots=True)
class Letter:
    """What one person would read."""

    subject: str
    text: str


def preview(
    campaign: CampaignRow, customer_id: int, *, now: datetime, company: CompanyRow | None = None
) -> Letter:
    """What this person would read, with a coupon code that stands for theirs.

    An SMS stands under its signature and with the way to say no more, as it would leave.
    ``company`` saves reading it again.

    Raises:
        MessageBroken: it cannot be filled in.
    """
    codes = {customer_id: EXAMPLE_CODE} if campaign.coupon_batch else {}
    filled = letters(campaign, [customer_id], codes, now=now, company=company)
    letter = filled[customer_id]
    if campaign.channel != "sms":
        return letter
    house = contacting.house_on(now, company=company)
    return Letter(letter.subject, as_sent(campaign.channel, letter.text, house=house))


def as_sent(channel: str, text: str, *, house: House) -> str:
    """An SMS with its signature and the line that refuses more; other channels add theirs later."""
    if channel != "sms" or not text:
        return text
    signature = house.rule("sms_signature") or house.company.name[:16]
    try:
        return texts.sms(text, signature=str(signature), purpose=MARKETING)
    except texts.WrongSignature:
        return text


def letters(
    campaign: CampaignRow,
    customer_ids: Sequence[int],
    codes: Mapping[int, str],
    *,
    now: datetime,
    company: CompanyRow | None = None,
) -> dict[int, Letter]:
    """The message filled in for each of these people.

    Raises:
        MessageBroken: it cannot be filled in.
    """
    asked = {*merging.asked(campaign.subject), *merging.asked(campaign.text)}
    known = _known(asked, customer_ids, now=now, company=company)
    ends = _coupon_ends(campaign) if "coupon_ends" in asked else ""
    filled = {}
    for customer_id in customer_ids:
        person = known[customer_id] | {"coupon": codes.get(customer_id, ""), "coupon_ends": ends}
        filled[customer_id] = Letter(
            merging.filled(campaign.subject, person), merging.filled(campaign.text, person)
        )
    return filled


def today_on(now: datetime) -> date:
    """The civil day of the company."""
    return civil_day(now, zone(the_company().zone))


def the_company() -> CompanyRow:
    """The company.

    Raises:
        NotSetUp: there is none.
    """
    found = staff.company()
    if found is None:
        raise staff_errors.NotSetUp
    return found


def _known(
    asked: Collection[str],
    customer_ids: Sequence[int],
    *,
    now: datetime,
    company: CompanyRow | None,
) -> dict[int, dict[str, object]]:
    """What the text asks for of each person; rooms nobody asks are not read."""
    people = {}
    if {"name", "store"} & {*asked}:
        people = {row.customer_id: row for row in audiences.rows(customer_ids, slot=None)}
    stores = {row.id: row.name for row in staff.stores()} if "store" in asked else {}
    balances = _balances(customer_ids) if "points" in asked else {}
    tiers = _tiers(customer_ids, now=now) if "tier" in asked else {}
    firm = (company or the_company()).name if "shop" in asked else ""
    known: dict[int, dict[str, object]] = {}
    for customer_id in customer_ids:
        row = people.get(customer_id)
        known[customer_id] = {
            "name": (row.name if row else "") or gettext("Customer"),
            "shop": firm,
            "store": stores.get(row.home_store_id or 0, "") if row else "",
            "points": balances.get(customer_id, 0),
            "tier": tiers.get(customer_id, ""),
        }
    return known


def _balances(customer_ids: Sequence[int]) -> dict[int, int]:
    programme = programmes.programme()
    if programme is None:
        return {}
    accounts = points.balances(programme.id, customer_ids)
    return {customer_id: account.balance for customer_id, account in accounts.items()}


def _tiers(customer_ids: Sequence[int], *, now: datetime) -> dict[int, str]:
    found = programmes.rules_on(today_on(now))
    names = {tier.code: tier.name_zh for tier in found.rules.tiers} if found else {}
    members = programmes.members_of(customer_ids)
    return {pk: names.get(row.tier, "") for pk, row in members.items() if row.left_at is None}


def _coupon_ends(campaign: CampaignRow) -> str:
    if not campaign.coupon_batch:
        return ""
    batch = programmes.batch(campaign.coupon_batch)
    if batch.ends_on is not None:
        return figures.day(batch.ends_on, LANGUAGE)
    return gettext("{days} days from today").format(days=batch.valid_days)
