"""The page behind every marketing message and survey: no more of these; or, it was a mistake."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from huitou.customers import queries as customer_queries
from huitou.customers import services as customers
from huitou.customers.errors import NoSuchCustomer
from huitou.customers.types import CHANNELS, Statement
from huitou.platform import facts
from huitou.platform.messages import queries as outbox
from huitou.platform.messages import services as messages
from huitou.platform.messages.facts import Unsubscribed
from huitou.platform.messages.queries import SpokenOf


@dataclass(frozen=True, slots=True)
class Subscription:
    """What the receiver of a message can say, and has said."""

    channel: str
    purpose: str
    is_stopped: bool  # nothing of this kind is sent any more
    is_known: bool  # somebody still stands behind the message


def found(token: str) -> Subscription | None:
    """What the page of this token is about; None if there is no such page."""
    message = outbox.with_token(token)
    if message is None:
        return None
    purpose = _purpose(message)
    state = None if message.customer_id is None else _state(message.customer_id, message, purpose)
    is_stopped = message.customer_id is None or state in {"withdrawn", "refused"}
    return Subscription(message.channel, purpose, is_stopped, message.customer_id is not None)


def stop(token: str, *, everything: bool = False, now: datetime) -> Subscription | None:
    """Withdraw consent to this kind of message on its channel, or to marketing and surveys on all
    channels; None if there is no such page. Saying it twice says it once.
    """
    message = outbox.with_token(token)
    if message is None:
        return None
    purposes = ("marketing", "survey") if everything else (_purpose(message),)
    channels = CHANNELS if everything else (message.channel,)
    evidence = f"unsubscribe page of {message.ref}"
    statements = [
        Statement(channel, purpose, "withdrawn", evidence, "unsubscribe")
        for channel in channels
        for purpose in purposes
    ]
    if message.customer_id is not None:
        _say(message, message.customer_id, statements, now)
    return found(token)


def keep(token: str, *, now: datetime) -> Subscription | None:
    """Take back what ``stop`` said on this channel: consent is given again, with this page as its
    proof. Only who had said it here can; None if there is no such page.
    """
    message = outbox.with_token(token)
    if message is None:
        return None
    purpose, customer_id = _purpose(message), message.customer_id
    evidence = f"unsubscribe page of {message.ref}"
    if customer_id is not None:
        said = [
            row
            for row in customer_queries.consents(customer_id)
            if (row.channel, row.purpose) == (message.channel, purpose)
        ]
        if said and said[0].state == "withdrawn" and said[0].evidence == evidence:
            proof = f"{evidence}, taken back"
            again = Statement(message.channel, purpose, "given", proof, "unsubscribe")
            customers.state_consents(customer_id=customer_id, statements=[again], now=now)
    return found(token)


def _say(message: SpokenOf, customer_id: int, statements: list[Statement], now: datetime) -> None:
    with transaction.atomic():
        try:
            news = customers.state_consents(customer_id=customer_id, statements=statements, now=now)
        except NoSuchCustomer:  # erased since: nobody is written to
            return
        if news:
            facts.record(Unsubscribed(message.id, customer_id))
        messages.cancel_for(
            customer_id,
            channels=[one.channel for one in statements],
            purposes=[one.purpose for one in statements],
        )


def _purpose(message: SpokenOf) -> str:
    """What is said no to: service cannot be; its page is about marketing."""
    return "marketing" if message.purpose == "service" else message.purpose


def _state(customer_id: int, message: SpokenOf, purpose: str) -> str | None:
    for row in customer_queries.consents(customer_id):
        if (row.channel, row.purpose) == (message.channel, purpose):
            return row.state
    return None
