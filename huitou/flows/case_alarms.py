"""The clocks of cases ring, and somebody hears them: who is in charge before the answer is due, and
the managers as well once it is late."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from huitou.kit.clock import zone
from huitou.platform import progress
from huitou.platform import queries as platform
from huitou.platform.messages import queries as messages
from huitou.platform.messages import services as outbox
from huitou.platform.messages.types import Outgoing
from huitou.staff import queries as staff
from huitou.staff.types import UserRow
from huitou.voice import queries as voice
from huitou.voice import services
from huitou.voice.types import CaseRow

LOOKED_BACK: Final = timedelta(days=30)  # a mail that comes back does so within days
_NOT_ARRIVED: Final = frozenset({"failed", "bounced", "refused"})
MORNING: Final = 8  # o'clock in the company's zone: nobody is reminded at night
PATIENCE: Final = timedelta(hours=24)  # an alarm that could not leave for so long says nothing new


def ring(now: datetime) -> int:
    """What the clock calls each minute: take back answers that did not arrive, then say which cases
    are due soon and which are overdue."""
    asked = voice.answers_on_their_way(since=now - LOOKED_BACK)
    lost = [pk for pk, state in messages.states_of(asked).items() if state in _NOT_ARRIVED]
    services.answer_lost(message_ids=lost, now=now)
    return services.ring(now=now)


def warn(fact_id: int, payload: Mapping[str, Any], now: datetime) -> None:
    """A case is due soon: tell who is in charge; of a case nobody has, tell the managers."""
    row = voice.case_by_id(int(payload["case_id"]))
    if row is not None and row.answered_at is None:
        people = staff.users()
        told = _owner(row, people) or _managers(people)
        _tell(told, row.public_id, due_soon_words, _key(fact_id), now)


def escalate(fact_id: int, payload: Mapping[str, Any], now: datetime) -> None:
    """A case is overdue: tell who is in charge, and the managers."""
    row = voice.case_by_id(int(payload["case_id"]))
    if row is not None and row.answered_at is None:
        people = staff.users()
        told = {user.id: user for user in (*_owner(row, people), *_managers(people))}
        _tell(told.values(), row.public_id, overdue_words, _key(fact_id), now)


def tell_lost(fact_id: int, payload: Mapping[str, Any], now: datetime) -> None:
    """An answer did not arrive: tell who is in charge, else the managers."""
    row = voice.case_by_id(int(payload["case_id"]))
    if row is not None and row.answered_at is None:
        people = staff.users()
        told = _owner(row, people) or _managers(people)
        _tell(told, row.public_id, lost_words, _key(fact_id), now)


def remind(now: datetime) -> int:
    """What the clock calls each minute: once a day, from the morning on, tell everyone which of
    their promises are due tomorrow and which today; how many there are."""
    company = staff.company()
    if company is None:
        return 0
    local = now.astimezone(zone(company.zone))
    today = local.date()
    if local.hour < MORNING or platform.progress(f"promises:{today.isoformat()}") is not None:
        return 0
    with transaction.atomic():
        if not progress.claim(f"promises:{today.isoformat()}", now=now):
            return 0
        due = voice.promises_due(first=today, last=today + timedelta(days=1))
        people = staff.users() if due else []
        for one in due:
            told = [user for user in people if user.id == one.owner_id and user.is_active]
            subject = due_today_words if one.due_on == today else due_tomorrow_words
            key = f"promise-alarm:{one.promise_id}:{today.isoformat()}"
            _tell(told or _managers(people), one.case_public_id, subject, key, now)
        return len(due)


def due_tomorrow_words(number: str) -> str:
    """The subject of a reminder on the day before, in the language in force."""
    return gettext("Case {case}: a promise is due tomorrow").format(case=number)


def due_today_words(number: str) -> str:
    """The subject of a reminder on the day itself, in the language in force."""
    return gettext("Case {case}: a promise is due today").format(case=number)


def lost_words(number: str) -> str:
    """The subject of a lost answer, in the language in force."""
    return gettext("Case {case}: the answer did not arrive").format(case=number)


def due_soon_words(number: str) -> str:
    """The subject of a warning, in the language in force."""
    return gettext("Case {case}: the answer is due soon").format(case=number)


def overdue_words(number: str) -> str:
    """The subject of an escalation, in the language in force."""
    return gettext("Case {case}: the answer is overdue").format(case=number)


def _owner(row: CaseRow, people: Iterable[UserRow]) -> list[UserRow]:
    return [user for user in people if user.id == row.owner_id and user.is_active]


def _managers(people: Iterable[UserRow]) -> list[UserRow]:
    return [user for user in people if user.is_active and staff.allows(user.role, "assign_cases")]


def _key(fact_id: int) -> str:
    return f"case-alarm:{fact_id}"


def _tell(
    people: Iterable[UserRow],
    number: str,
    subject: Callable[[str], str],
    key: str,
    now: datetime,
) -> None:
    link = settings.PUBLIC_URL.rstrip("/") + reverse("case", args=[number])
    for user in people:
        with translation.override(user.language):
            said = subject(number)
            outbox.queue(
                Outgoing(
                    channel="email",
                    purpose="service",
                    address=user.email,
                    subject=said,
                    text=f"{said}\n\n{link}\n",
                    key=f"{key}:{user.id}",
                    source=f"case-alarm:{number}",
                    not_after=now + PATIENCE,
                ),
                now=now,
            )
