"""Values of asking: surveys, the places and messages that carry them, what somebody answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

TOUCHPOINT_KINDS: Final = ("link", "store", "cup", "parcel")
LANGUAGES: Final = ("zh-hans", "en")


@dataclass(frozen=True, slots=True)
class SurveyIn:
    """What staff say about a survey; the questions are not theirs to word.

    ``horizon_days``: the days the question of coming back asks about; None = it is not asked.
    """

    name: str
    greeting_zh: str = ""
    greeting_en: str = ""
    horizon_days: int | None = None


@dataclass(frozen=True, slots=True)
class TouchpointIn:
    """A place that asks: what kind of place, what staff call it, of which store."""

    kind: str
    name: str
    store_id: int | None = None


@dataclass(frozen=True, slots=True)
class WaveIn:
    """One round of invitations as staff want it.

    ``sample_size`` None = everyone who may be asked; ``rest_days`` is the fatigue limit in force;
    ``key`` is the form's: the same key is the same wave.
    """

    key: str
    channel: str
    language: str
    rest_days: int
    sample_size: int | None = None
    audience: str = ""  # its name; "" = everyone known
    expression: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody answered; "" = not answered."""

    satisfaction: str = ""
    recommendation: str = ""
    intention: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """An answer as it is sent in: under which token, from which form, read in which language.

    ``key`` is the form's: the same key is the same answer.
    """

    token: str
    key: str
    language: str
    given: Given


@dataclass(frozen=True, slots=True)
class Brought:
    """An answer that another system took for us: to which survey, by whom, where and when.

    ``key`` is the other system's: the same key is the same answer.
    """

    survey: str  # its public id
    key: str
    given: Given
    answered_at: datetime
    customer_id: int | None = None
    store_id: int | None = None
    language: str = "zh-hans"


class Answered(NamedTuple):
    """What became of an answer that was sent in."""

    answer_id: int
    is_new: bool  # False: this person or this form has answered before


class SurveyRow(NamedTuple):
    """A survey with what came of it so far."""

    survey_id: int
    public_id: str
    name: str
    greeting_zh: str
    greeting_en: str
    horizon_days: int | None
    created_by: str
    created_at: datetime
    closed_at: datetime | None
    answers: int
    last_answered_at: datetime | None


class TouchpointRow(NamedTuple):
    """A place that asks, with what it brought."""

    touchpoint_id: int
    token: str
    kind: str
    name: str
    store_id: int | None
    closed_at: datetime | None
    answers: int
    last_answered_at: datetime | None


class WaveRow(NamedTuple):
    """One round of invitations with what came of it."""

    wave_id: int
    public_id: str
    channel: str
    audience: str
    sample_size: int | None
    rest_days: int
    language: str
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    asked: int
    not_asked: int
    answered: int


class Question(NamedTuple):
    """What a token leads to: who is asked, where, and whether it still can be answered.

    ``state``: open, answered (this invitation), closed (the survey or the place), expired.
    """

    state: str
    survey_id: int
    survey: str
    greeting_zh: str
    greeting_en: str
    horizon_days: int | None
    touchpoint_id: int | None
    touchpoint: str
    store_id: int | None
    invitation_id: int | None
    customer_id: int | None


class AskedAnswerRow(NamedTuple):
    """One answer to a survey, as the list of a survey shows it."""

    answer_id: int
    key: str | None
    customer_id: int | None
    answered_at: datetime
    satisfaction: str
    recommendation: str
    intention: float | None
    comment: str
    touchpoint: str  # the place's name; "" = by invitation
    is_invited: bool
    layer: str | None
    store_id: int | None
    order_id: int | None
    language: str | None


class TallyRow(NamedTuple):
    """How often one answer to one question was given at one place; ``touchpoint_id`` None = by
    invitation."""

    touchpoint_id: int | None
    question: str  # satisfaction, recommendation, intention
    answer: str  # the code; of an intention its tenths: "8"
    answers: int


class InvitationRow(NamedTuple):
    """Whether a customer was asked in one wave, and why not."""

    survey: str
    state: str
    reason: str
    decided_at: datetime
    answered_at: datetime | None


class AttitudeRow(NamedTuple):
    """What of one answer the index is made of."""

    answered_on: date
    wave: str
    satisfaction: str
    recommendation: str
    repurchase_probability: float | None
    prefers_us: bool | None
    resists_offers: bool | None
