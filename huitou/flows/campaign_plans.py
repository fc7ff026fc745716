"""A campaign before it is sent: who is in, who is not and why, what could be proved, what it costs.

Nothing is written here.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from huitou.audiences import queries as audiences
from huitou.campaigns import draw, rules
from huitou.campaigns import queries as campaigns
from huitou.campaigns.types import ERASED, GLOBAL_HOLDOUT, CampaignRow
from huitou.flows import contacting, sending
from huitou.flows.campaign_letters import EXAMPLE_CODE, MARKETING, as_sent, letters, today_on
from huitou.flows.contacting import House
from huitou.insights import queries as insights
from huitou.insights import services as proving
from huitou.insights.proof.foresight import Arms, Foresight, arms
from huitou.insights.proof.pooling import Pooled
from huitou.kit.clock import civil_day, zone
from huitou.kit.errors import HuitouError
from huitou.platform.messages import texts
from huitou.platform.messages.tariffs import Tariff
from huitou.staff.types import CompanyRow

Ints = NDArray[np.int64]
ASKED_AT_ONCE: Final = 50_000


@dataclass(frozen=True, slots=True)
class Filtered:
    """Everyone the audience holds now, and why some may not be drawn ("" or None = they may)."""

    people: Ints
    units: Ints
    reasons: Mapping[int, str | None]
    held_out: frozenset[int]  # by the global control group

    def reason(self, customer_id: int) -> str:
        """Why this person is not drawn, "" = they are."""
        known = self.reasons.get(customer_id, ERASED) or ""
        return known or (GLOBAL_HOLDOUT if customer_id in self.held_out else "")

    @property
    def drawn(self) -> NDArray[np.bool_]:
        """Who of ``people`` goes into the draw."""
        return np.array([not self.reason(int(one)) for one in self.people], dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Plan:
    """What would happen if the campaign were sent now."""

    audience: int
    people: int  # that would be drawn
    not_reached: Mapping[str, int]  # reason -> people
    foresight: Foresight
    arms: Arms  # units, with the share chosen
    messages: int  # about: the people of the units sent to
    tariff: Tariff | None
    parts: int  # as how many messages one is charged
    cost_minor: int | None  # None = no tariff is known
    pooled: Pooled | None  # what campaigns of this kind did
    waits_until: datetime | None  # quiet hours
    trouble: str | None  # why nothing of the channel can leave
    missing: Sequence[str]

    @property
    def is_too_small(self) -> bool:
        """Whether no division of these people proves anything alone."""
        return self.foresight.advised_percent is None


def filtered(campaign: CampaignRow, *, now: datetime, house: House | None = None) -> Filtered:
    """The audience as it is now, after consent, reach and caps, and the global control group."""
    house = house or contacting.house_on(now)
    today = house.today(now)
    people = np.empty(0, dtype=np.int64)
    if campaign.expression:
        chosen = audiences.read_frozen(campaign.expression)
        people = audiences.members(chosen, today=today, now=now)
    reasons = refusals(people.tolist(), channel=campaign.channel, now=now, house=house)
    around = campaigns.around(today.year, people.tolist())
    units = draw.units_of(people, around.households)
    return Filtered(people, units, reasons, around.held_out)


def refusals(
    customer_ids: Sequence[int], *, channel: str, now: datetime, house: House | None = None
) -> dict[int, str | None]:
    """Why marketing may not go to each of these customers, None = it may; a part at a time, so that
    no single question grows without bound."""
    found: dict[int, str | None] = {}
    for start in range(0, len(customer_ids), ASKED_AT_ONCE):
        part = customer_ids[start : start + ASKED_AT_ONCE]
        found |= contacting.may_contact(
            part, channel=channel, purpose=MARKETING, now=now, house=house
        )
    return found


def plan(campaign: CampaignRow, *, now: datetime, company: CompanyRow | None = None) -> Plan:
    """What would happen if the campaign were sent now; ``company`` saves reading it again.

    Raises:
        ConditionError: the audience asks for something that is no longer known.
    """
    house = contacting.house_on(now, company=company)
    found = filtered(campaign, now=now, house=house)
    is_in = found.drawn
    people, units = found.people[is_in], found.units[is_in]
    seen = _foreseen(campaign, people, units, today=house.today(now), house=house)
    split = arms(seen.units, campaign.holdout_percent)
    messages = round(len(people) * split.treated / seen.units) if seen.units else 0
    tariff = contacting.tariff(campaign.channel, now=now, house=house)
    parts = _parts(campaign, people, house=house, now=now)
    trouble, waits_until = sending.standing(campaign.channel, now=now, house=house)
    return Plan(
        audience=len(found.people),
        people=len(people),
        not_reached=dict(Counter(map(found.reason, found.people[~is_in].tolist()))),
        foresight=seen,
        arms=split,
        messages=messages,
        tariff=tariff,
        parts=parts,
        cost_minor=tariff.cost_minor(messages * parts) if tariff else None,
        pooled=pooled(campaign),
        waits_until=waits_until,
        trouble=trouble,
        missing=rules.missing(campaign.terms),
    )


def foreseen(campaign: CampaignRow, *, now: datetime) -> tuple[Filtered, Foresight]:
    """The audience as it is now, and what a draw of it could prove, from its own last W days."""
    house = contacting.house_on(now)
    found = filtered(campaign, now=now, house=house)
    is_in = found.drawn
    people, units = found.people[is_in], found.units[is_in]
    return found, _foreseen(campaign, people, units, today=house.today(now), house=house)


def _foreseen(
    campaign: CampaignRow, people: Ints, units: Ints, *, today: date, house: House
) -> Foresight:
    return proving.foresee(
        customer_ids=people,
        unit_ids=units,
        window_days=campaign.window_days,
        chosen_percent=campaign.holdout_percent or None,
        today=today,
        rule=house.rule,
    )


def pooled(campaign: CampaignRow) -> Pooled | None:
    """What finished campaigns of this kind did together; None for fewer than four."""
    found = insights.pooled(campaign.goal, campaign.outcome, campaign.window_days)
    return found[0] if found else None


def tariff_of(channel: str, *, now: datetime, company: CompanyRow | None = None) -> Tariff | None:
    """What the channel costs on that day; None = nobody has said."""
    house = contacting.house_on(now, company=company)
    return contacting.tariff(channel, now=now, house=house)


def some_people(
    campaign: CampaignRow, *, limit: int, now: datetime, company: CompanyRow | None = None
) -> list[int]:
    """A few people of the audience, every one as likely as any other, for previews."""
    if not campaign.expression:
        return []
    chosen = audiences.read_frozen(campaign.expression)
    today = civil_day(now, zone(company.zone)) if company else today_on(now)
    return audiences.sample_ids(chosen, limit, seed=campaign.public_id, today=today, now=now)


def _parts(campaign: CampaignRow, people: Ints, *, house: House, now: datetime) -> int:
    """As how many SMS one message is charged, by what the first person would read."""
    if campaign.channel != "sms" or not len(people) or not campaign.text:
        return 1
    first = int(people[0])
    try:
        letter = letters(campaign, [first], {first: EXAMPLE_CODE}, now=now, company=house.company)
    except HuitouError:
        return 1
    return texts.parts(as_sent("sms", letter[first].text, house=house))
