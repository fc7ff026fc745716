"""Somebody comes in: a code by e-mail, then the card they have or a new membership."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext

from huitou.customers import codes
from huitou.customers import queries as customer_queries
from huitou.customers import services as customers
from huitou.customers.types import NewcomerIn, Statement
from huitou.flows import sending
from huitou.kit.ids import public_id
from huitou.platform import idempotency
from huitou.platform.messages import services as messages
from huitou.platform.messages.types import Outgoing
from huitou.programmes import queries as programme_queries
from huitou.programmes import services as programmes
from huitou.staff import queries as staff

TILL_JOIN: Final = "till-join"


@dataclass(frozen=True, slots=True)
class Entered:
    """Whose address it is that was just proven.

    ``token`` is "" for who has not joined yet; ``customer_id`` None for whom nobody knows.
    """

    email: str
    customer_id: int | None = None
    token: str = ""


@dataclass(frozen=True, slots=True)
class Joining:
    """What somebody says when they join; ``email`` was proven before."""

    email: str
    name: str
    phone: str = ""
    consents: Sequence[Statement] = ()


def send_code(*, email: str, address: str, language: str, now: datetime) -> None:
    """Send a code for signing in to ``email``; whether anybody is known by it is not said.

    Raises:
        EmailInvalid, CodesLimited: nothing is sent.
    """
    with transaction.atomic():
        code = customers.issue_code(email=email, address=address, now=now)
        company = staff.company()
        with translation.override(language):
            subject, text = _letter(code, company.name if company else "")
        letter = Outgoing(
            channel="email",
            purpose="service",
            address=email.strip().lower(),
            subject=subject,
            text=text,
            key=public_id("code", now),
            source="code",
            not_after=now + codes.CODE_LIFE,
            is_secret=True,
        )
        message_id = messages.queue(letter, now=now)
    sending.send_now([message_id], now=now)  # somebody waits for it; the worker tries again


def enter(*, email: str, code: str, now: datetime) -> Entered:
    """Let in who typed the code sent to ``email``; who has not joined is told apart.

    Raises:
        CodeWrong, CodeOver: nobody is let in.
    """
    known = customers.check_code(email=email, code=code, now=now)
    customer_id = _owner(known)
    if customer_id is None or not _has_joined(customer_id):
        return Entered(known, customer_id)
    return Entered(known, customer_id, customers.open_session(customer_id=customer_id, now=now))


def join(joining: Joining, *, now: datetime) -> Entered:
    """Make the owner of the proven address a member and let them in; joining twice changes nothing.

    Who bought here under this address before keeps their history; who is new is added.

    Raises:
        NameMissing, PhoneInvalid: nothing is written.
    """
    with transaction.atomic():
        _wait_for(joining.email)
        customer_id = _owner(joining.email)
        if customer_id is None:
            newcomer = NewcomerIn(
                joining.name, joining.email, joining.phone, acquired_from="portal"
            )
            customer_id = customers.welcome(newcomer=newcomer, now=now)
        else:
            customers.fill_in(
                customer_id=customer_id, name=joining.name, phone=joining.phone, now=now
            )
        if programme_queries.programme() is not None:
            programmes.join(
                customer_id=customer_id,
                source="portal",
                actor=f"member:{customer_id}",
                now=now,
            )
        customers.state_consents(
            customer_id=customer_id, statements=list(joining.consents), now=now
        )
        token = customers.open_session(customer_id=customer_id, now=now)
    return Entered(joining.email, customer_id, token)


def join_at_till(*, newcomer: NewcomerIn, key: str, actor: str, now: datetime) -> int:
    """Add somebody who joins at the till and make them a member; returns the customer's id. The
    same ``key`` adds once.

    Raises:
        NameMissing, EmailInvalid, PhoneInvalid, NotStarted: nothing is written.
        KeyReused: the key was used for somebody else.
    """
    request = idempotency.digest_of(asdict(newcomer))
    with transaction.atomic():
        kept = idempotency.recall(TILL_JOIN, key, request)
        if kept is not None:
            return int(kept["customer_id"])
        customer_id = customers.welcome(newcomer=newcomer, now=now)
        programmes.join(customer_id=customer_id, source="till", actor=actor, now=now)
        idempotency.keep(TILL_JOIN, key, request, {"customer_id": customer_id})
    return customer_id


def has_joined_at_till(key: str) -> bool:
    """Whether somebody has been added under this key."""
    return idempotency.is_kept(TILL_JOIN, key)


def admit_at_till(*, customer_id: int, actor: str, now: datetime) -> None:
    """Make a customer who is known a member; one who is a member already stays as they are.

    Raises:
        NotStarted: there is no programme.
    """
    programmes.join(customer_id=customer_id, source="till", actor=actor, now=now)


def _wait_for(email: str) -> None:
    """Two presses of one button: the second finds whom the first added."""
    with connection.cursor() as cursor:
        key = f"joining\n{email.strip().lower()}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _owner(email: str) -> int | None:
    """Who is meant by an address that several may share: the member, else the one known longest."""
    known = customer_queries.by_email(email)
    members = programme_queries.members_of(known) if len(known) > 1 else {}
    return next((pk for pk in known if pk in members), known[0] if known else None)


def _has_joined(customer_id: int) -> bool:
    """Whether this customer is a member; before there is a programme, everyone known is in."""
    member = programme_queries.member(customer_id)
    if member is not None:
        return member.left_at is None
    return programme_queries.programme() is None


def _letter(code: str, shop: str) -> tuple[str, str]:
    minutes = int(codes.CODE_LIFE.total_seconds()) // 60
    subject = gettext("{code} is your code for {shop}").format(code=code, shop=shop)
    text = gettext(
        "Your code is {code}.\n\n"
        "It is valid for {minutes} minutes and only once. Nobody from {shop} will ever ask you "
        "for it.\n\nIf you did not ask for a code, you need not do anything.\n"
    ).format(code=code, minutes=minutes, shop=shop)
    return subject, text
