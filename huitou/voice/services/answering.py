"""Writes of answers that somebody gives on our page: once, with how things stood at that moment."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction

from huitou.audiences import queries as audiences
from huitou.kit.clock import civil_day
from huitou.orders import queries as orders
from huitou.platform import facts
from huitou.voice import errors, models, questions
from huitou.voice import facts as happened
from huitou.voice.types import Answered, Brought, Given, Sheet

# More answers than this within the time come from no counter, but from somebody who plays.
_MOST_AT_ONCE: Final = 60
_AT_ONCE: Final = timedelta(minutes=10)


def answer(*, sheet: Sheet, member_id: int | None, zone: ZoneInfo, now: datetime) -> Answered:
    """Keep one answer; returns it. The form's key makes pressing twice answer once.

    An invitation is answered once, whoever presses: a second answer returns the first, unchanged.
    The customer is the invited one; at a place it is ``member_id``, the one signed in, or nobody.

    Args:
        zone: the company's, for the civil day.

    Raises:
        QuestionMissing: nobody asks under this token.
        SurveyClosed: the survey, the place or the invitation is over.
        AnswerEmpty, AnswerUnknown, CommentTooLong: mend the answer.
        TooManyAnswers: wait.
    """
    with transaction.atomic():
        invitation, place = _asked_by(sheet.token)
        survey = invitation.wave.survey if invitation else _survey_of(place)
        if (earlier := _earlier(invitation, sheet.key)) is not None:
            return earlier
        _check_open(survey, invitation, place, now)
        checked = questions.checked(sheet.given, asks_intention=survey.horizon_days is not None)
        row = _filled(survey, checked, sheet.key, sheet.language)
        row.customer_id = invitation.customer_id if invitation else member_id
        row.answered_at, row.answered_on = now, civil_day(now, zone)
        row.invitation, row.asked_through = invitation, place
        row.touchpoint = place.name if place else ""
        row.store_id = place.store_id if place else None
        if invitation is not None:
            invitation.state, invitation.answered_at = "answered", now
            invitation.save(update_fields=["state", "answered_at"])
        return _kept(row)


def bring(*, brought: Brought, zone: ZoneInfo, now: datetime) -> Answered:
    """Keep an answer that another system took; the same key keeps it once.

    It may be up to 24 hours ahead of our clock, as orders may.

    Raises:
        SurveyMissing, SurveyClosed: nothing is asked there.
        AnswerEmpty, AnswerUnknown, CommentTooLong: mend the answer.
        AnswerAhead: it would have been given in the future.
    """
    with transaction.atomic():
        survey = models.Survey.objects.select_for_update().filter(public_id=brought.survey).first()
        if survey is None:
            raise errors.SurveyMissing(survey=brought.survey)
        if (earlier := _earlier(None, brought.key)) is not None:
            return earlier
        if survey.closed_at is not None:
            raise errors.SurveyClosed
        if brought.answered_at > now + timedelta(hours=24):
            raise errors.AnswerAhead
        checked = questions.checked(brought.given, asks_intention=survey.horizon_days is not None)
        row = _filled(survey, checked, brought.key, brought.language)
        row.customer_id, row.store_id = brought.customer_id, brought.store_id
        row.answered_at = brought.answered_at
        row.answered_on = civil_day(brought.answered_at, zone)
        return _kept(row)


def _filled(survey: models.Survey, given: Given, key: str, language: str) -> models.Answer:
    return models.Answer(
        survey=survey,
        wave=survey.name,
        satisfaction=given.satisfaction,
        recommendation=given.recommendation,
        repurchase_probability=questions.probability(given.intention),
        comment=given.comment,
        key=key,
        language=language,
    )


def _kept(row: models.Answer) -> Answered:
    _take_snapshot(row)
    row.save()
    assert row.survey_id is not None
    facts.record(happened.Answered(row.pk, row.survey_id, row.customer_id))
    return Answered(row.pk, is_new=True)


def _asked_by(token: str) -> tuple[models.Invitation | None, models.Touchpoint | None]:
    """Who asks under the token, locked: two answers to one invitation come one after the other."""
    invitations = models.Invitation.objects.select_for_update(of=("self",))
    invitation = invitations.select_related("wave__survey").filter(token=token).first()
    if invitation is not None:
        return invitation, None
    places = models.Touchpoint.objects.select_for_update(of=("self",))
    place = places.select_related("survey").filter(token=token).first()
    if place is None:
        raise errors.QuestionMissing
    return None, place


def _survey_of(place: models.Touchpoint | None) -> models.Survey:
    assert place is not None
    return place.survey


def _earlier(invitation: models.Invitation | None, key: str) -> Answered | None:
    if invitation is not None:
        found = models.Answer.objects.filter(invitation=invitation)
    else:
        found = models.Answer.objects.filter(key=key)
    answer_id = found.values_list("id", flat=True).first()
    return None if answer_id is None else Answered(answer_id, is_new=False)


def _check_open(
    survey: models.Survey,
    invitation: models.Invitation | None,
    place: models.Touchpoint | None,
    now: datetime,
) -> None:
    is_over = survey.closed_at is not None
    is_over |= place is not None and place.closed_at is not None
    is_over |= invitation is not None and invitation.wave.expires_at <= now
    if is_over:
        raise errors.SurveyClosed
    if place is not None:
        lately = models.Answer.objects.filter(
            survey=survey, asked_through=place, answered_at__gt=now - _AT_ONCE
        )
        if lately.count() >= _MOST_AT_ONCE:
            raise errors.TooManyAnswers(minutes=int(_AT_ONCE.total_seconds() // 60))


def _take_snapshot(row: models.Answer) -> None:
    """Layer, store and newest order as they are now: what they become later explains nothing."""
    if row.customer_id is None:
        return
    person = audiences.person(row.customer_id)
    row.layer = person.layer if person else None
    newest = orders.orders_of(row.customer_id, limit=1).rows
    if newest:
        row.order_id = newest[0].order_id
        row.store_id = row.store_id or newest[0].store_id
    elif person is not None:
        row.store_id = row.store_id or person.home_store_id
