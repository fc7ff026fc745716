"""What the customer does: tell us something, add a word, say that it is solved or is not."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db import connection, transaction
from django.db.models import Q

from huitou.kit.clock import civil_day
from huitou.platform import facts
from huitou.voice import errors, models, steps, types
from huitou.voice.facts import CaseOpened, CaseReopened
from huitou.voice.services import case_records as records
from huitou.voice.services.posting import post

MOST_OF_STRANGERS: Final = 60  # cases an hour through the open pages, all strangers together
MOST_OF_ONE: Final = 10  # cases an hour of one member
MOST_WORDS: Final = 30  # that a customer adds to one case within an hour: its link may be passed on
_HOUR: Final = timedelta(hours=1)
_TOKEN_BYTES: Final = 18


class _Again(NamedTuple):
    """What is said with a case that goes on again."""

    text: str
    by_customer: bool = True
    channel: str = "page"
    key: str = ""


def open_case(
    *,
    case: types.CaseIn,
    actor: str,
    now: datetime,
    receipt: Callable[[types.Opened], types.Letter] | None = None,
) -> types.Opened:
    """Put on record what a customer told us; its clock runs from then on.

    The same ``case.key`` opens one case, and answers with it again. ``receipt`` writes the e-mail
    that says it arrived; an automatic receipt is no answer, and stops no clock.

    Raises:
        CaseInvalid: an unknown kind, source or topic, no words, or received in the future.
        TooManyCases: more come from the open pages than people would write.
    """
    text = records.words(case.text)
    _check(case, now)
    with transaction.atomic():
        if (known := _sent_before(case.key)) is not None:
            return known
        _refuse_flood(case, now)
        rules = records.rulebook(now)
        made = _made(case, text, rules, now)
        case_id = made.pk
        year = civil_day(made.received_at, rules.calendar.zone).year
        made.public_id = f"C-{year}-{case_id:04}"
        records.note(
            made, "received", actor=actor, at=made.received_at, kind=case.kind, source=case.source
        )
        records.begin(made, steps.COLLECT, rules=rules, actor=actor, at=made.received_at)
        records.begin(made, steps.CLASSIFY, rules=rules, actor=actor, at=now)
        made.save()
        models.CaseMessage.objects.create(
            case=made, author="customer", text=text, at=made.received_at, channel=_way_in(case)
        )
        facts.record(CaseOpened(case_id, case.customer_id, case.kind, case.source))
        opened = types.Opened(made.public_id, made.token)
        if receipt is not None:
            post(made, receipt(opened), f"case:{made.public_id}:receipt", now=now)
        return opened


def add_word(
    *, public_id: str, text: str, key: str, actor: str, now: datetime, channel: str = "page"
) -> None:
    """The customer adds something to an open case; the same ``key`` adds it once.

    Raises:
        CaseMissing, CaseClosed, WordsMissing.
        TooManyCases: more come than anybody would write.
    """
    kept = records.words(text)
    with transaction.atomic():
        case = records.locked(public_id)
        if key and models.CaseMessage.objects.filter(key=key).exists():
            return
        lately = models.CaseMessage.objects.filter(case=case, author="customer", at__gt=now - _HOUR)
        if lately.count() >= MOST_WORDS:
            raise errors.TooManyCases
        models.CaseMessage.objects.create(
            case=case, author="customer", text=kept, at=now, channel=channel, key=key or None
        )
        records.note(case, "customer_wrote", actor=actor, at=now)


def say(
    *, public_id: str, text: str, key: str, actor: str, now: datetime, channel: str = "page"
) -> bool:
    """The customer says something more; whether the case goes on again by it. An answered or
    closed case is reopened, to any other a word is added; the same ``key`` does it once.

    Raises:
        CaseMissing, WordsMissing, TooManyCases.
    """
    with transaction.atomic():
        case = records.locked(public_id, open_only=False)
        if key and models.CaseMessage.objects.filter(key=key).exists():
            return False
        if case.answered_at is None:
            add_word(public_id=public_id, text=text, key=key, actor=actor, now=now, channel=channel)
            return False
        _go_on(case, _Again(text, channel=channel, key=key), actor, now)
        return True


def confirm(*, public_id: str, actor: str, now: datetime) -> None:
    """The customer says that it is solved. Saying it again changes nothing.

    Raises:
        CaseMissing.
        NotYetAnswered: there is nothing to confirm.
    """
    with transaction.atomic():
        case = records.locked(public_id, open_only=False)
        if case.answered_at is None:
            raise errors.NotYetAnswered(case=public_id)
        if case.confirmed_at is None:
            case.confirmed_at = now
            case.save(update_fields=["confirmed_at"])
            records.note(case, "confirmed", actor=actor, at=now)


def reopen(
    *,
    public_id: str,
    text: str,
    by_customer: bool,
    actor: str,
    now: datetime,
    channel: str = "page",
) -> None:
    """An answered or closed case goes on: a new round with a whole new clock. The clocks of the
    rounds before stay on record.

    Raises:
        CaseMissing, WordsMissing.
        CaseOpen: it is open and not answered yet; then a word is added instead.
    """
    with transaction.atomic():
        case = records.locked(public_id, open_only=False)
        if case.answered_at is None:
            raise errors.CaseOpen(case=public_id)
        _go_on(case, _Again(text, by_customer, channel), actor, now)


def _go_on(case: models.Case, again: _Again, actor: str, now: datetime) -> None:
    kept = records.words(again.text)
    rules = records.rulebook(now)
    case.round += 1
    case.replied_at = case.answered_at = case.confirmed_at = case.closed_at = None
    records.start_clock(case, rules=rules, at=now, now=now)
    records.note(case, "reopened", actor=actor, at=now, by_customer=again.by_customer)
    records.begin(case, steps.HANDLE, rules=rules, actor=actor, at=now)
    case.save()
    models.CaseMessage.objects.create(
        case=case,
        author="customer" if again.by_customer else "internal",
        user_id=None if again.by_customer else records.user_of(actor),
        text=kept,
        at=now,
        channel=again.channel,
        key=again.key or None,
    )
    facts.record(CaseReopened(case.pk, case.customer_id, case.round, again.by_customer))


def _sent_before(key: str) -> types.Opened | None:
    """What the form of this key opened. The key is the caller's until the end of the transaction:
    the same form coming in twice at once waits here."""
    if not key:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"case\n{key}"])
    known = models.Case.objects.filter(key=key).first()
    return types.Opened(known.public_id, known.token) if known else None


def _made(case: types.CaseIn, text: str, rules: records.Rulebook, now: datetime) -> models.Case:
    received_at = case.received_at or now
    made = models.Case(
        public_id=secrets.token_hex(8),  # its number has the row's id in it: given in a moment
        token=secrets.token_urlsafe(_TOKEN_BYTES),
        key=case.key or None,
        kind=case.kind,
        source=case.source,
        topic=case.topic,
        title=steps.title_of(text),
        customer_id=case.customer_id,
        contact_name=case.contact.name.strip(),
        contact_email=case.contact.email.strip().lower(),
        contact_phone=case.contact.phone.strip(),
        store_id=case.store_id,
        order_source=case.order[0],
        order_number=case.order[1],
        owner_id=case.owner_id,
        step=steps.COLLECT,
        received_at=received_at,
    )
    records.start_clock(made, rules=rules, at=received_at, now=now)
    made.first_due_at = made.due_at
    made.save()
    return made


def _refuse_flood(case: types.CaseIn, now: datetime) -> None:
    """The pages anybody may write on, and the mailbox, are held to what people would write."""
    if case.source not in {"portal", "answer"} and not case.key.startswith(types.BY_MAIL):
        return
    is_open = Q(source__in=["portal", "answer"]) | Q(key__startswith=types.BY_MAIL)
    lately = models.Case.objects.filter(is_open, received_at__gt=now - _HOUR)
    if case.customer_id is None:
        lately, most = lately.filter(customer__isnull=True), MOST_OF_STRANGERS
    else:
        lately, most = lately.filter(customer_id=case.customer_id), MOST_OF_ONE
    if lately.count() >= most:
        raise errors.TooManyCases


def _check(case: types.CaseIn, now: datetime) -> None:
    known = (
        ("kind", case.kind, types.KINDS),
        ("source", case.source, types.SOURCES),
        ("topic", case.topic, ("", *types.TOPICS)),
    )
    for name, given, allowed in known:
        if given not in allowed:
            raise errors.CaseInvalid(field=name, given=given)
    if case.received_at is not None and case.received_at > now:
        raise errors.ReceivedAhead(field="received_at", given=case.received_at.isoformat())
    email = case.contact.email.strip()
    if email and not ("@" in email[1:-1] and " " not in email):
        raise errors.ContactUnreadable(field="email", given=email)
    digits = [sign for sign in case.contact.phone if sign.isdigit()]
    if case.contact.phone.strip() and not 5 <= len(digits) <= 15:
        raise errors.ContactUnreadable(field="phone", given=case.contact.phone.strip())


def _way_in(case: types.CaseIn) -> str:
    ways = {"phone": "phone", "visit": "in_person", "email": "email"}
    return ways.get(case.source, "page")
