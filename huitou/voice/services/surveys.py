"""Writes of surveys and of the places that ask."""

import secrets
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from huitou.kit import ids
from huitou.platform import facts
from huitou.voice import errors, models
from huitou.voice.facts import (
    SurveyClosed,
    SurveyOpened,
    SurveyReopened,
    TouchpointClosed,
    TouchpointOpened,
)
from huitou.voice.types import TOUCHPOINT_KINDS, SurveyIn, TouchpointIn

NAME_LETTERS: Final = 80
GREETING_LETTERS: Final = 500
_ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that is read for another
_PRINTED_LETTERS: Final = 10  # 31^10: enough that nobody finds a place by trying, short enough


def open_survey(*, survey: SurveyIn, actor: str, now: datetime) -> str:
    """A new survey that takes answers at once; returns its public id.

    Raises:
        SurveyInvalid: no name, or texts that are too long.
        SurveyTaken: another survey has the name.
    """
    name = " ".join(survey.name.split())
    greetings = (survey.greeting_zh.strip(), survey.greeting_en.strip())
    if not 0 < len(name) <= NAME_LETTERS or max(map(len, greetings)) > GREETING_LETTERS:
        raise errors.SurveyInvalid
    try:
        with transaction.atomic():
            row = models.Survey.objects.create(
                public_id=ids.public_id("svy", now),
                name=name,
                greeting_zh=greetings[0],
                greeting_en=greetings[1],
                horizon_days=survey.horizon_days,
                created_by=actor,
                created_at=now,
            )
            facts.record(SurveyOpened(row.pk))
    except IntegrityError as error:
        raise errors.SurveyTaken(name=name) from error
    return row.public_id


def close_survey(*, survey: str, now: datetime) -> None:
    """No more answers to this survey, through whatever place or message. Closing twice closes once.

    Raises:
        SurveyMissing: there is none of this public id.
    """
    with transaction.atomic():
        row = _locked(survey)
        if row.closed_at is None:
            row.closed_at = now
            row.save(update_fields=["closed_at"])
            facts.record(SurveyClosed(row.pk))


def reopen_survey(*, survey: str) -> None:
    """Let a closed survey take answers again.

    Raises:
        SurveyMissing: there is none of this public id.
    """
    with transaction.atomic():
        row = _locked(survey)
        if row.closed_at is not None:
            row.closed_at = None
            row.save(update_fields=["closed_at"])
            facts.record(SurveyReopened(row.pk))


def open_touchpoint(*, survey: str, touchpoint: TouchpointIn, actor: str, now: datetime) -> str:
    """A new place that asks; returns the token its printed code leads to.

    Raises:
        SurveyMissing: there is no such survey.
        SurveyClosed: it takes no answers.
        TouchpointInvalid: no name, or a kind nobody knows.
        TouchpointTaken: another place of the survey has the name.
    """
    name = " ".join(touchpoint.name.split())
    if not 0 < len(name) <= NAME_LETTERS or touchpoint.kind not in TOUCHPOINT_KINDS:
        raise errors.TouchpointInvalid
    try:
        with transaction.atomic():
            row = _locked(survey)
            if row.closed_at is not None:
                raise errors.SurveyClosed
            made = models.Touchpoint.objects.create(
                survey=row,
                token=token(_PRINTED_LETTERS),
                kind=touchpoint.kind,
                name=name,
                store_id=touchpoint.store_id,
                created_by=actor,
                created_at=now,
            )
            facts.record(TouchpointOpened(made.pk, row.pk))
    except IntegrityError as error:
        raise errors.TouchpointTaken(name=name) from error
    return made.token


def close_touchpoint(*, survey: str, touchpoint: str, now: datetime) -> None:
    """This place takes no answers any more; a code that was printed says so kindly.

    Raises:
        SurveyMissing: there is no such survey.
        TouchpointMissing: it has no place with this token.
    """
    with transaction.atomic():
        row = _locked(survey)
        place = models.Touchpoint.objects.filter(survey=row, token=touchpoint).first()
        if place is None:
            raise errors.TouchpointMissing
        if place.closed_at is None:
            place.closed_at = now
            place.save(update_fields=["closed_at"])
            facts.record(TouchpointClosed(place.pk, row.pk))


def token(letters: int) -> str:
    """So many letters and digits nobody can guess, none of them read for another."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(letters))


def _locked(survey: str) -> models.Survey:
    row = models.Survey.objects.select_for_update().filter(public_id=survey).first()
    if row is None:
        raise errors.SurveyMissing(survey=survey)
    return row
