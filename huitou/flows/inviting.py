"""Inviting customers to a survey: who may be written to, who is drawn, and the letters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from django.db import transaction
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, override
from numpy.typing import NDArray

from huitou.audiences import queries as audiences
from huitou.audiences.types import Sight
from huitou.flows import sending
from huitou.kit.clock import civil_day, zone
from huitou.platform.messages import services as messages
from huitou.platform.messages.types import Outgoing
from huitou.staff import errors as staff_errors
from huitou.staff import queries as staff
from huitou.staff.types import CompanyRow
from huitou.voice import inviting, questions
from huitou.voice import queries as voice
from huitou.voice import services as voices
from huitou.voice.types import SurveyRow, WaveIn

PURPOSE: Final = "survey"
EVERYONE: Final[Mapping[str, Any]] = {"v": 1, "where": {"all": []}}


@dataclass(frozen=True, slots=True)
class Plan:
    """Everyone a wave looks at and why they are not asked, "" = they are; shape (n,) each."""

    people: NDArray[np.int64]
    reasons: NDArray[Any]

    @property
    def asked(self) -> int:
        """How many would be asked."""
        return int((self.reasons == "").sum())

    @property
    def counts(self) -> dict[str, int]:
        """How many people have each reason, "" first."""
        return inviting.counts(self.reasons)

    def some(self, reason: str, limit: int) -> list[int]:
        """The first customers with this reason, by id."""
        return [int(one) for one in self.people[self.reasons == reason][:limit]]


def rest_days(now: datetime) -> int:
    """The fatigue limit in force: days between two surveys for the same customer."""
    company = _company()
    return int(staff.setting("survey_rest_days", on=civil_day(now, zone(company.zone))))


def plan(*, survey: str, wave: WaveIn, sight: Sight | None, now: datetime) -> Plan:
    """Who would be asked and who not, with the reason; writes nothing.

    The draw hangs on the key of the wave, so what was looked at is what will be asked.

    Args:
        sight: whose customers the reader may see; None = of all stores.
    """
    company = _company()
    today = civil_day(now, zone(company.zone))
    wanted = audiences.read(wave.expression or EVERYONE)
    people = audiences.members(wanted, today=today, now=now, sight=sight)
    verdicts = sending.may_contact(people.tolist(), channel=wave.channel, purpose=PURPOSE, now=now)
    last, inside = voice.last_asked(people, survey=survey, zone=company.zone)
    reasons = inviting.verdicts(
        inviting.Candidates(
            customer_id=people,
            blocked=np.array([verdicts[int(one)] or "" for one in people], dtype=object),
            last_asked_on=last,
            in_this_survey=inside,
        ),
        salt=wave.key,
        today=today,
        rest_days=wave.rest_days,
        sample_size=wave.sample_size,
    )
    return Plan(people, reasons)


def invite(
    *, survey: str, wave: WaveIn, sight: Sight | None, links: str, actor: str, now: datetime
) -> str:
    """Decide on a wave, keep every decision and queue the letters; returns the wave's public id.

    All in one transaction: a letter goes to exactly those on record. The same key again changes
    nothing.

    Args:
        links: what stands before the token in the address of the page that asks.

    Raises:
        SurveyMissing, SurveyClosed, WaveInvalid, NobodyToAsk: nothing happened.
    """
    company = _company()
    with transaction.atomic():
        voices.lock_waves()
        found = plan(survey=survey, wave=wave, sight=sight, now=now)
        wave_id, tokens = voices.ask(
            survey=survey,
            wave=wave,
            verdicts=(found.people, found.reasons),
            actor=actor,
            now=now,
        )
        addresses = sending.addresses(tokens, channel=wave.channel, purpose=PURPOSE)
        row = voice.survey(survey)
        messages.queue_all(
            [
                _letter(row, wave, company.name, links + token).to(
                    customer_id, addresses[customer_id], wave_id
                )
                for customer_id, token in tokens.items()
                if customer_id in addresses
            ],
            now=now,
        )
    return wave_id


@dataclass(frozen=True, slots=True)
class Letter:
    """What one invitation says."""

    channel: str
    subject: str
    text: str
    html: str

    def to(self, customer_id: int, address: str, wave_id: str) -> Outgoing:
        """The same as a message to one customer."""
        return Outgoing(
            channel=self.channel,
            purpose=PURPOSE,
            address=address,
            text=self.text,
            html=self.html,
            subject=self.subject,
            key=f"survey:{wave_id}:{customer_id}",
            source=f"survey:{wave_id}",
            customer_id=customer_id,
        )


def _letter(survey: SurveyRow, wave: WaveIn, shop: str, link: str) -> Letter:
    """The words of an invitation with this link, in the wave's language."""
    greeting = survey.greeting_en if wave.language == "en" else survey.greeting_zh
    with override(wave.language):
        subject = gettext("{shop} would like to hear from you").format(shop=shop)
        opening = greeting or gettext("How was it with us? It takes less than a minute.")
        if wave.channel != "email":
            return Letter(wave.channel, "", f"{opening} {link}", "")
        hello, answer = gettext("Hello,"), gettext("Answer here:")
        text = f"{hello}\n\n{opening}\n\n{answer}\n{link}\n\n{shop}"
        return Letter(wave.channel, subject, text, _html(hello, opening, link, shop))


def _html(hello: str, opening: str, link: str, shop: str) -> str:
    """The letter with the first question in it: a press opens the page with that answer chosen."""
    choices = format_html_join(
        "",
        '<td style="padding:6px 10px;text-align:center">'
        '<a href="{}?s={}" style="color:#4f46e5;text-decoration:none">'
        '<b style="font-size:20px">{}</b><br>{}</a></td>',
        (
            (link, choice.number, choice.number, gettext(choice.words))
            for choice in questions.SATISFACTION
        ),
    )
    return str(
        format_html(
            "<p>{}</p><p>{}</p><p><b>{}</b></p><table><tr>{}</tr></table><p>{}</p>",
            hello,
            opening,
            gettext("Overall, how satisfied are you with us?"),
            choices,
            shop,
        )
    )


def _company() -> CompanyRow:
    company = staff.company()
    if company is None:
        raise staff_errors.NotSetUp
    return company
