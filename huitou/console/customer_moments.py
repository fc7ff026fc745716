"""What happened with a customer, row by row of every room, as moments of one line of time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import get_language, gettext

from huitou.campaigns.types import PersonLine
from huitou.console import campaign_words, customer_words
from huitou.customers.queries import ToldRow
from huitou.kit.text import gettext_noop as _
from huitou.orders.types import OrderRow
from huitou.platform.messages.types import MessageRow
from huitou.points.types import StatementRow
from huitou.ui import case_words, figures, points_words
from huitou.voice.types import AnswerRow, CaseLine

CONTACTS: Final = {
    "note": (_("Note"), "edit"),
    "phone": (_("Phoned"), "phone"),
    "visit": (_("Visited"), "users"),
    "wechat": (_("WeChat"), "brand-wechat"),
    "email": (_("E-mail"), "mail"),
    "other": (_("Other contact"), "message"),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened: when, what, in whose words, where more of it stands."""

    at: datetime
    icon: str
    title: str
    text: str = ""
    reaction: str = ""  # of the customer
    href: str = ""
    tone: str = ""
    id: int = 0  # of its row: of moments of one kind at one instant the larger comes first


def order_moments(
    rows: Iterable[OrderRow], currency: str, visible: tuple[int, ...] | None
) -> list[Moment]:
    """Purchases; of another store's only day and amount."""
    return [
        Moment(
            row.ordered_at,
            "receipt-2",
            gettext("Bought for {money}").format(money=_money(row.total_minor, currency)),
            " · ".join(_order_parts(row, currency, visible)),
            id=row.order_id,
        )
        for row in rows
    ]


def case_moments(rows: Iterable[CaseLine]) -> list[Moment]:
    """Complaints, suggestions, enquiries, praise."""
    return [
        Moment(
            row.received_at,
            "message-2",
            f"{case_words.kind_word(row.kind)}: {row.title}",
            f"{row.public_id} · {case_words.source_word(row.source)}"
            f" · {case_words.step_words().get(row.step, row.step)}",
            href=reverse("case", args=[row.public_id]),
            tone="bad" if row.kind == "complaint" else "",
            id=row.case_id,
        )
        for row in rows
    ]


def message_moments(rows: Iterable[MessageRow]) -> list[Moment]:
    """What was written to them, without the words."""
    return [_message(row) for row in rows]


def campaign_moments(rows: Iterable[PersonLine]) -> list[Moment]:
    """In which arm of which campaign they were, or why not."""
    return [
        Moment(
            row.drawn_at,
            "speakerphone",
            row.theme,
            " · ".join(_campaign_parts(row)),
            href=reverse("campaign", args=[row.public_id]),
            id=row.campaign_id,
        )
        for row in rows
        if row.drawn_at is not None
    ]


def _order_parts(row: OrderRow, currency: str, visible: tuple[int, ...] | None) -> Iterable[str]:
    if visible is None or row.store_id in visible:
        yield row.number
    if row.status != "paid":
        yield customer_words.status_word(row.status)
    if row.returned_minor:
        yield gettext("{money} came back").format(money=_money(row.returned_minor, currency))


def answer_moment(row: AnswerRow) -> Moment:
    """What they answered."""
    line: dict[str, Any] = customer_words.answer_line(row)
    return Moment(
        row.answered_at,
        "clipboard-list",
        line["text"],
        line["wave"],
        reaction=row.comment,
        id=row.answer_id,
    )


def _message(row: MessageRow) -> Moment:
    word, icon = customer_words.CHANNELS.get(row.channel, (row.channel, "send"))
    purpose = customer_words.PURPOSES.get(row.purpose, row.purpose)
    state = gettext(campaign_words.message_state(row.state))
    why = campaign_words.reason(row.reason) if row.reason else ""
    return Moment(
        row.ended_at or row.queued_at,
        icon,
        gettext("{channel}: {purpose}").format(channel=gettext(word), purpose=gettext(purpose)),
        " · ".join(filter(None, (state, why))),
        id=row.id,
    )


def _campaign_parts(row: PersonLine) -> Iterable[str]:
    yield gettext(campaign_words.ARMS.get(row.arm, row.arm))
    if row.reason:
        yield campaign_words.reason(row.reason)
    if row.coupon_code:
        yield row.coupon_code


def points_moment(row: StatementRow, terms: points_words.Terms) -> Moment:
    """Points that came or went."""
    title = points_words.title(row.kind, row.points, row.why, terms)
    return Moment(
        row.occurred_at,
        "coins",
        gettext("{points} points: {why}").format(points=figures.signed(row.points), why=title),
        gettext("Balance {points}").format(points=figures.number(row.balance_after)),
        id=row.transfer_id,
    )


def told_moment(row: ToldRow) -> Moment:
    """A contact or a statement of consent."""
    if row.what == "contact":
        word, icon = CONTACTS.get(row.kind, CONTACTS["other"])
        title = gettext(word) + (f" · {row.by}" if row.by else "")
        return Moment(row.at, icon, title, row.text, reaction=row.said, id=row.id)
    if row.kind == "any":
        is_stop = row.said == "withdrawn"
        title = gettext(customer_words.DO_NOT_CONTACT if is_stop else customer_words.MAY_AGAIN)
        tone = "bad" if is_stop else "ok"
        return Moment(row.at, "shield-check", title, row.by, tone=tone, id=row.id)
    word, tone = customer_words.STATES.get(row.said, (row.said, ""))
    channel = customer_words.CHANNELS.get(row.kind, (row.kind, ""))[0]
    purpose = customer_words.PURPOSES.get(row.text, row.text)
    title = gettext("Consent to {purpose}, {channel}: {state}").format(
        purpose=gettext(purpose), channel=gettext(channel), state=gettext(word)
    )
    return Moment(row.at, "shield-check", title, row.by, tone=tone, id=row.id)


def _money(minor: int, currency: str) -> str:
    return figures.money_exact(minor, currency, get_language() or "zh-hans")
