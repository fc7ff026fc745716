"""Reads of asking: surveys, what a printed or sent code leads to, who was asked and why not."""

from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from django.db.models import Count, F, Max, Q
from numpy.typing import NDArray

from huitou.platform.statements import Statements
from huitou.voice import errors, models
from huitou.voice.types import (
    AskedAnswerRow,
    AttitudeRow,
    InvitationRow,
    Question,
    SurveyRow,
    TallyRow,
    TouchpointRow,
    WaveRow,
)

_SQL: Final = Statements(str(Path(__file__).parent))
_SURVEY: Final = ("id", *SurveyRow._fields[1:9])
_PLACE: Final = ("id", *TouchpointRow._fields[1:6])
_WAVE: Final = ("id", *WaveRow._fields[1:10])


def surveys() -> list[SurveyRow]:
    """Every survey, those that take answers first, then the newest."""
    rows = _with_answers(models.Survey.objects.all())
    found = rows.order_by(F("closed_at").desc(nulls_first=True), "-created_at", "-id")
    return [SurveyRow(*row) for row in found.values_list(*_SURVEY, "answers", "last")]


def survey(public_id: str) -> SurveyRow:
    """One survey.

    Raises:
        SurveyMissing: there is none of this id.
    """
    rows = _with_answers(models.Survey.objects.filter(public_id=public_id))
    row = rows.values_list(*_SURVEY, "answers", "last").first()
    if row is None:
        raise errors.SurveyMissing(survey=public_id)
    return SurveyRow(*row)


def touchpoints(survey_id: int) -> list[TouchpointRow]:
    """The places that ask for this survey, those open first, then by name."""
    rows = models.Touchpoint.objects.filter(survey_id=survey_id).annotate(
        answers=Count("answer"), last=Max("answer__answered_at")
    )
    found = rows.order_by(F("closed_at").desc(nulls_first=True), "name")
    return [TouchpointRow(*row) for row in found.values_list(*_PLACE, "answers", "last")]


def touchpoint(survey_id: int, token: str) -> TouchpointRow:
    """One place of a survey.

    Raises:
        TouchpointMissing: the survey has none with this token.
    """
    for row in touchpoints(survey_id):
        if row.token == token:
            return row
    raise errors.TouchpointMissing


def question(token: str, *, now: datetime) -> Question:
    """What a code leads to: an invitation or a place. Reading records nothing.

    Raises:
        QuestionMissing: nobody asks under this token.
    """
    found = _SQL.rows("question", {"token": token, "now": now})
    if not found:
        raise errors.QuestionMissing
    return Question(*found[0])


def waves(survey_id: int, *, limit: int = 20) -> list[WaveRow]:
    """The rounds of invitations of a survey, newest first."""
    rows = models.Wave.objects.filter(survey_id=survey_id).annotate(
        asked=Count("invitation", filter=~Q(invitation__state="not_asked")),
        not_asked=Count("invitation", filter=Q(invitation__state="not_asked")),
        answered=Count("invitation", filter=Q(invitation__state="answered")),
    )
    found = rows.order_by("-asked_at", "-id")
    return [
        WaveRow(*row) for row in found.values_list(*_WAVE, "asked", "not_asked", "answered")[:limit]
    ]


def reasons(survey_id: int) -> dict[int, dict[str, int]]:
    """Why people that a survey's waves looked at were not asked: per wave, how many by reason, most
    first."""
    rows = (
        models.Invitation.objects.filter(wave__survey_id=survey_id, state="not_asked")
        .values("wave_id", "reason")
        .annotate(people=Count("id"))
        .order_by("wave_id", "-people", "reason")
    )
    found: dict[int, dict[str, int]] = {}
    for wave_id, reason, people in rows.values_list("wave_id", "reason", "people"):
        found.setdefault(wave_id, {})[reason] = people
    return found


def tally(survey_id: int) -> list[TallyRow]:
    """How often each answer was given, by place; one statement whatever the number."""
    return [TallyRow(*row) for row in _SQL.rows("tally", {"survey_id": survey_id})]


def latest_answers(
    survey_id: int, *, limit: int = 20, after: tuple[datetime, int] | None = None
) -> list[AskedAnswerRow]:
    """The answers to a survey, newest first; ``after`` = the last one of the page before."""
    rows = models.Answer.objects.filter(survey_id=survey_id).order_by("-answered_at", "-id")
    if after is not None:
        rows = rows.filter(answered_at__lte=after[0]).exclude(
            answered_at=after[0], id__gte=after[1]
        )
    return [_asked_answer(row) for row in rows.values_list(*_ANSWER)[:limit]]


def asked_answer(key: str) -> AskedAnswerRow | None:
    """The answer a form gave, by the form's key; None if none was kept."""
    row = models.Answer.objects.filter(key=key).values_list(*_ANSWER).first()
    return None if row is None else _asked_answer(row)


def invitations_of(customer_id: int, *, limit: int = 20) -> list[InvitationRow]:
    """In which surveys a customer was looked at, newest first: asked, or why not."""
    rows = models.Invitation.objects.filter(customer_id=customer_id).order_by("-wave__asked_at")
    fields = ("wave__survey__name", "state", "reason", "wave__asked_at", "answered_at")
    return [InvitationRow(*row) for row in rows.values_list(*fields)[:limit]]


def last_asked(
    customer_ids: NDArray[np.int64], *, survey: str, zone: str
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """For each of these customers the day they were last asked or answered (NaT = never), and
    whether this survey asked or heard them already."""
    values = {"ids": customer_ids.tolist(), "survey": survey, "zone": zone}
    found = {row[0]: (row[1], row[2]) for row in _SQL.rows("last_asked", values)}
    pairs = [found.get(one, (None, False)) for one in customer_ids.tolist()]
    days = np.array([day for day, _ in pairs], dtype="datetime64[D]")
    return days, np.array([is_inside for _, is_inside in pairs], dtype=bool)


def attitudes_of(customer_id: int) -> list[AttitudeRow]:
    """What of a customer's answers the index is made of, in the order a measurement reads it."""
    rows = models.Answer.objects.filter(customer_id=customer_id)
    found = rows.order_by("answered_on", "wave").values_list(*AttitudeRow._fields)
    return [AttitudeRow(*row) for row in found]


def has_answered(customer_id: int) -> bool:
    """Whether this customer has answered one of our surveys."""
    return models.Answer.objects.filter(customer_id=customer_id, survey__isnull=False).exists()


def answered_since(instant: datetime) -> list[int]:
    """The customers who answered one of our surveys at or after ``instant``, by id."""
    rows = models.Answer.objects.filter(
        answered_at__gte=instant, survey__isnull=False, customer__isnull=False
    )
    found = rows.order_by("customer_id").values_list("customer_id", flat=True).distinct()
    return [one for one in found if one is not None]


_ANSWER: Final = (
    "id",
    "key",
    "customer_id",
    "answered_at",
    "satisfaction",
    "recommendation",
    "repurchase_probability",
    "comment",
    "touchpoint",
    "invitation_id",
    "layer",
    "store_id",
    "order_id",
    "language",
)


def _asked_answer(row: tuple[Any, ...]) -> AskedAnswerRow:
    invitation = _ANSWER.index("invitation_id")
    return AskedAnswerRow._make(
        cell is not None if place == invitation else cell for place, cell in enumerate(row)
    )


def _with_answers(rows: Any) -> Any:
    return rows.annotate(answers=Count("answer"), last=Max("answer__answered_at"))
