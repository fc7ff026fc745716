"""What is said of one customer: the yearly mark, channels and consents, answers, and how a forecast
fared."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import get_language, gettext

from huitou.console.measured import Measured
from huitou.customers import agreement
from huitou.customers import queries as customers
from huitou.customers.queries import ConsentRow, ContactRow
from huitou.customers.types import ReachRow, Standing
from huitou.kit.text import gettext_noop as _
from huitou.platform.messages.types import DEAD_REASONS, DeadRow
from huitou.ui import figures
from huitou.voice.types import AnswerRow

CHANNELS: Final = {
    "sms": (_("Text message"), "message"),
    "phone": (_("Phone"), "phone"),
    "email": (_("E-mail"), "mail"),
    "wechat": (_("WeChat"), "brand-wechat"),
    "post": (_("Post"), "home"),
    "app": (_("App"), "device-mobile"),
}
PURPOSES: Final = {
    "service": _("service"),
    "marketing": _("marketing"),
    "survey": _("surveys"),
    "profiling": _("profiling"),
    "partner": _("partners"),
}
DO_NOT_CONTACT: Final = _("Do not contact")
MAY_AGAIN: Final = _("May be contacted again")
STATES: Final = {
    "given": (_("given"), "ok"),
    "refused": (_("refused"), "bad"),
    "withdrawn": (_("withdrawn"), "bad"),
    "unknown": (_("not known"), ""),
}
SOURCES: Final = {
    "paper": _("on paper"),
    "in_person": _("in person"),
    "phone": _("on the phone"),
    "message": _("in a letter or message"),
    "other": _("in another way"),
    "portal": _("on the member pages"),
    "unsubscribe": _("on the unsubscribe page"),
    "report": _("reported by the platform that sent"),
    "file": _("in an imported file"),
    "api": _("by another system"),
}
ORDER_STATES: Final = {
    "pending": _("pending"),
    "paid": _("paid"),
    "cancelled": _("cancelled"),
    "returned": _("returned"),
}
_SATISFACTION: Final = {
    "very_satisfied": _("Very satisfied (5/5)"),
    "fairly_satisfied": _("Fairly satisfied (4/5)"),
    "satisfied": _("Satisfied (3/5)"),
    "dissatisfied": _("Dissatisfied (2/5)"),
    "very_dissatisfied": _("Very dissatisfied (1/5)"),
}
_RECOMMENDATION: Final = {
    "very_likely": _("very likely to recommend us"),
    "possible": _("might recommend us"),
    "possibly": _("might recommend us"),
    "impossible": _("would not recommend us"),
}


def mark_words(mark: str) -> str:
    """``yearly:11-11`` as a sentence; "" for no mark."""
    if not mark.startswith("yearly"):
        return ""
    day = mark.partition(":")[2]
    return gettext("Buys once a year, around {day}: a long silence is usual").format(day=day)


def channels(
    contact: ContactRow, standing: Standing, dead: Mapping[str, DeadRow]
) -> list[dict[str, Any]]:
    """Can the customer be contacted, channel by channel, with the reason where not: “do not
    contact” is above whatever was said of a channel.

    Args:
        standing: as the sender would be told.
        dead: by channel, since when and why nobody is reached at the best address.
    """
    said = standing.said
    missing = {"email": gettext("no e-mail address")}
    lines = []
    for name, row in standing.reached.items():
        line = _channel(name, bool(row.address), missing.get(name, _phone_reason(contact)), said)
        first = contact.email if name == "email" else contact.phone
        lines.append(_weighed(line, row, dead.get(name), is_first=row.address == first))
    lines += [
        _channel(name, True, "", said)
        for name in ("wechat", "post", "app")
        if any(channel == name for channel, _purpose in said)
    ]
    return [_stopped(line) if contact.is_not_to_be_contacted else line for line in lines]


def _weighed(
    line: dict[str, Any], row: ReachRow, dead: DeadRow | None, *, is_first: bool
) -> dict[str, Any]:
    """The line with what stands against the address itself, or with which one is meant."""
    if not row.address:
        return line
    if row.refusal == "do_not_contact":
        return _stopped(line)
    if row.refusal in {"withdrawn", "refused"} and line["tone"] == "ok":
        why = gettext("service only: somebody who shares the address said no")
        return {**line, "verdict": gettext("limited"), "tone": "warn", "why": why}
    if row.is_dead:
        return {**line, "verdict": gettext("no"), "tone": "bad", "why": dead_words(dead)}
    if not is_first:
        why = gettext("at an address added later; the first cannot be used")
        return {**line, "why": line["why"] or why}
    return line


def dead_words(row: DeadRow | None) -> str:
    """Since when nobody is reached at an address, and why."""
    if row is None:
        return gettext("messages came back")
    why = gettext(DEAD_REASONS.get(row.reason, row.reason))
    code = f" ({row.detail})" if row.detail else ""
    day = figures.day(timezone.localtime(row.since).date(), get_language() or "zh-hans")
    return gettext("since {day}: {why}{code}").format(day=day, why=why, code=code)


def _stopped(line: dict[str, Any]) -> dict[str, Any]:
    why = gettext("not to be contacted: only their own questions are answered")
    return {**line, "verdict": gettext("no"), "tone": "bad", "why": why}


def _phone_reason(contact: ContactRow) -> str:
    if contact.phone_is_masked:
        return gettext("the file gave the number with stars: nobody can be reached by it")
    return gettext("no phone number")


def _channel(
    name: str, is_there: bool, missing: str, said: Mapping[tuple[str, str], str]
) -> dict[str, Any]:
    word, icon = CHANNELS[name]
    state = said.get((name, "marketing"), "unknown")
    if not is_there:
        verdict, tone, why = gettext("no"), "", missing
    elif said.get((name, "service")) == "withdrawn":
        verdict, tone, why = gettext("no"), "bad", gettext("withdrawn for everything")
    elif state == "given":
        verdict, tone, why = gettext("yes"), "ok", ""
    elif state == "unknown":
        verdict, tone, why = (
            gettext("limited"),
            "warn",
            gettext("service only: no consent to marketing on record"),
        )
    else:
        verdict, tone = gettext("limited"), "warn"
        why = gettext("service only: marketing {state}").format(state=gettext(STATES[state][0]))
    return {"word": gettext(word), "icon": icon, "verdict": verdict, "tone": tone, "why": why}


def consent_line(row: ConsentRow) -> dict[str, Any]:
    """One statement in words; on everything it is “do not contact” or that taken back."""
    word, tone = STATES.get(row.state, (row.state, ""))
    if row.channel == agreement.ANY:
        is_stop = row.state == "withdrawn"
        about, word = gettext("everything"), DO_NOT_CONTACT if is_stop else MAY_AGAIN
        channel = about
    else:
        channel = gettext(CHANNELS[row.channel][0]) if row.channel in CHANNELS else row.channel
        about = gettext(PURPOSES.get(row.purpose, row.purpose))
    return {
        "channel": channel,
        "purpose": about,
        "state": gettext(word),
        "tone": tone,
        "evidence": row.evidence,
        "reference": row.reference,
        "source": gettext(SOURCES[row.source]) if row.source in SOURCES else "",
        "by": row.recorded_by,
        "at": row.stated_at,
        "recorded_at": _later(row),
    }


def glance(customer_id: int) -> dict[str, Any] | None:
    """What whoever serves this customer should know, in words; ``None`` if there is nothing."""
    found = customers.glance(customer_id)
    if found is None or not any(found):
        return None
    said = [
        {
            "channel": gettext(CHANNELS[channel][0]),
            "state": gettext(STATES[state][0]),
            "tone": STATES[state][1],
        }
        for channel, state in found.marketing
        if channel in CHANNELS
    ]
    return {**found._asdict(), "marketing": said}


def _later(row: ConsentRow) -> datetime | None:
    """When it was written down, if that was not when it was said."""
    is_later = row.recorded_at is not None and row.recorded_at != row.stated_at
    return row.recorded_at if is_later else None


def answer_line(row: AnswerRow) -> dict[str, Any]:
    """One answer in words; what was not asked is left out."""
    parts = (
        [gettext(_SATISFACTION.get(row.satisfaction, row.satisfaction))] if row.satisfaction else []
    )
    if row.recommendation:
        parts.append(gettext(_RECOMMENDATION.get(row.recommendation, row.recommendation)))
    if row.prefers_us is not None:
        parts.append(
            gettext("prefers us to others") if row.prefers_us else gettext("does not prefer us")
        )
    if row.resists_offers:
        parts.append(gettext("resists competing offers"))
    if row.expectation is not None and row.perception is not None:
        said = gettext("expected {expected}, found {found}")
        parts.append(
            said.format(
                expected=figures.number(row.expectation, 1), found=figures.number(row.perception, 1)
            )
        )
    return {
        "on": row.answered_on,
        "text": " · ".join(parts),
        "wave": row.wave,
        "comment": row.comment,
    }


def status_word(status: str) -> str:
    """The state of an order."""
    return gettext(ORDER_STATES.get(status, status))


def natural_frequency(measured: Measured, risk: float | None) -> str:
    """Of a hundred customers scored like this one, how many really stayed away; says so where
    nobody has checked.

    A person's chance is told by what happened to the group of its calibration, never by an interval
    of its own.
    """
    if risk is None:
        return ""
    cells = (measured.section("calibration").get("risk") or {}).get("deciles") or []
    for cell in cells:
        is_inside = cell["from"] <= risk < cell["to"] or risk == cell["to"] == 1
        if is_inside and cell.get("checked"):
            return figures.in_hundred(cell["observed"], get_language() or "zh-hans")
    return gettext("not yet checked")
