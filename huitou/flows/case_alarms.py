"""The clocks of cases ring, and somebody hears them: who is in charge before the answer is due, and
the managers as well once it is late."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

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
        _tell(told, row, due_soon_words, fact_id, now)


def escalate(fact_id: int, payload: Mapping[str, Any], now: datetime) -> None:
    """A case is overdue: tell who is in charge, and the managers."""
    row = voice.case_by_id(int(payload["case_id"]))
    if row is not None and row.answered_at is None:
        people = staff.users()
        told = {user.id: user for user in (*_owner(row, people), *_managers(people))}
        _tell(told.values(), row, overdue_words, fact_id, now)


def tell_lost(fact_id: int, payload: Mapping[str, Any], now: datetime) -> None:
    """An answer did not arrive: tell who is in charge, else the managers."""
    row = voice.case_by_id(int(payload["case_id"]))
    if row is not None and row.answered_at is None:
        people = staff.users()
        _tell(_owner(row, people) or _managers(people), row, lost_words, fact_id, now)


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


def _tell(
    people: Iterable[UserRow],
    row: CaseRow,
    subject: Callable[[str], str],
    fact_id: int,
    now: datetime,
) -> None:
    link = settings.PUBLIC_URL.rstrip("/") + reverse("case", args=[row.public_id])
    for user in people:
        with translation.override(user.language):
            said = subject(row.public_id)
            outbox.queue(
                Outgoing(
                    channel="email",
                    purpose="service",
                    address=user.email,
                    subject=said,
                    text=f"{said}\n\n{link}\n",
                    key=f"case-alarm:{fact_id}:{user.id}",
                    source=f"case-alarm:{row.public_id}",
                    not_after=now + PATIENCE,
                ),
                now=now,
            )
